// Tests see a clean environment: nothing of a real installation, whatever the shell has set.
import { toolEnvironment } from './paths.mjs';

const OWN =
  /^(WHATSAPP_|SIMULATOR_|OPENAI_|ANTHROPIC_|S3_|ADMIN_|DEMO_|PARLEY_)|^(NODE_ENV|HOST|PORT|DATABASE_URL|REDIS_URL|DATA_DIR|PUBLIC_URL|TRUST_PROXY|JWT_SECRET|ENCRYPTION_KEYS|METRICS_TOKEN|MEDIA_STORE|LOG_LEVEL|npm_lifecycle_event)$/;

/** The environment of test runners and of what they start. */
export function testEnvironment(extra = {}) {
  const kept = Object.entries(toolEnvironment()).filter(([name]) => !OWN.test(name));
  return { ...Object.fromEntries(kept), ENV_FILE: '', ...extra };
}
