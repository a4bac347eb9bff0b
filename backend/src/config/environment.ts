import { agentRoles, z } from '@parley/contract';
import { isIP } from 'node:net';

/** Injection token of the validated environment. */
export const ENVIRONMENT = Symbol('ENVIRONMENT');

const KEY_BYTES = 32;
const MIN_SECRET_CHARS = 32;
const CURRENT_GRAPH_VERSION = 'v26.0';

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const encryptionKeys = list.transform((entries, context) =>
  entries.map((entry) => {
    const [kid = '', encoded = ''] = entry.split(':', 2);
    const key = Buffer.from(encoded, 'base64');
    if (kid === '' || key.length !== KEY_BYTES) {
      context.addIssue({
        code: 'custom',
        message: `must be kid:base64 of ${KEY_BYTES} bytes, comma-separated, newest first`,
      });
    }
    return { kid, key };
  }),
);

const signIns = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return [];
    }
  })
  .pipe(
    z.array(z.object({ name: z.string(), email: z.string(), role: z.enum(agentRoles), password: z.string().min(10) })),
  );

/** Not a hop count: whoever reaches the port directly could claim any address by it. */
const proxies = z.string().refine(
  (value) =>
    value.split(',').every((part) => {
      const [address = '', bits, ...rest] = part.trim().split('/');
      if (/^(loopback|linklocal|uniquelocal)$/.test(address)) return bits === undefined;
      return isIP(address) !== 0 && rest.length === 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
    }),
  'must be addresses or networks of proxies, comma-separated (10.0.0.5, 10.1.0.0/16, loopback)',
);

const weakSecret = /^(.)\1*$|changeme|secret|password|example|default/i;

const schema = z
  .object({
    NODE_ENV: z.string().default('development'),
    HOST: z.string().default('0.0.0.0'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3_000),
    DATABASE_URL: z.string().min(1),
    REDIS_URL: z.string().min(1).default('redis://127.0.0.1:6379'),
    DATA_DIR: z.string().default('.data'),
    PUBLIC_URL: z.url().optional(),
    TRUST_PROXY: proxies.optional(),
    JWT_SECRET: z.string().min(MIN_SECRET_CHARS, `must have at least ${MIN_SECRET_CHARS} characters`),
    ENCRYPTION_KEYS: encryptionKeys,
    ADMIN_EMAIL: z.email().optional(),
    ADMIN_PASSWORD: z.string().min(10).optional(),
    WHATSAPP_WEBHOOK_TOKEN: z.string().min(1).optional(),
    WHATSAPP_APP_SECRET: list.optional(),
    WHATSAPP_ACCESS_TOKEN: z.string().trim().min(1).optional(),
    WHATSAPP_PHONE_NUMBER_ID: z.string().regex(/^\d+$/, 'must be digits').optional(),
    WHATSAPP_BUSINESS_ACCOUNT_ID: z.string().regex(/^\d+$/, 'must be digits').optional(),
    WHATSAPP_GRAPH_URL: z.url().default('https://graph.facebook.com'),
    WHATSAPP_GRAPH_VERSION: z
      .string()
      .regex(/^v\d+\.\d+$/, 'must look like v26.0')
      .default(CURRENT_GRAPH_VERSION),
    /** Hosts besides Graph's that Meta serves files from; a token goes nowhere else. */
    WHATSAPP_MEDIA_HOSTS: list.default(['lookaside.fbsbx.com']),
    MEDIA_STORE: z.enum(['local', 's3']).default('local'),
    S3_ENDPOINT: z.url().optional(),
    S3_REGION: z.string().default('us-east-1'),
    S3_BUCKET: z.string().min(1).optional(),
    S3_ACCESS_KEY_ID: z.string().min(1).optional(),
    S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    S3_FORCE_PATH_STYLE: z.stringbool().default(true),
    S3_PREFIX: z
      .string()
      .regex(/^([\w.-]+\/)*$/, 'must be empty or end with a slash')
      .default(''),
    /** Whether templates are read from Meta by themselves: when a number is connected, and every hour. */
    TEMPLATE_SYNC: z.stringbool().default(true),
    NUMBER_CHECKS: z.stringbool().default(true),
    METRICS_TOKEN: z.string().min(16).optional(),
    STOP_NOTICE_SECONDS: z.coerce.number().min(0).max(10).default(0),
    DEMO_MODE: z.stringbool().default(false),
    DEMO_LIFE: z.stringbool().default(false),
    DEMO_SIGN_INS: signIns.optional(),
    SIMULATOR_URL: z.url().optional(),
  })
  .superRefine((env, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (env.NODE_ENV === 'production') {
      if (env.DEMO_MODE) refuse('DEMO_MODE', 'is not for production');
      if (weakSecret.test(env.JWT_SECRET))
        refuse('JWT_SECRET', 'is a well-known or repeated value; generate a random one');
      if (env.ADMIN_PASSWORD !== undefined && weakSecret.test(env.ADMIN_PASSWORD)) {
        refuse('ADMIN_PASSWORD', 'is too easy to guess');
      }
      for (const secret of env.WHATSAPP_APP_SECRET ?? []) {
        if (weakSecret.test(secret)) refuse('WHATSAPP_APP_SECRET', 'is a well-known or repeated value');
      }
    }
    if ((env.ADMIN_EMAIL === undefined) !== (env.ADMIN_PASSWORD === undefined)) {
      refuse('ADMIN_EMAIL', 'and ADMIN_PASSWORD must be set together');
    }
    if (env.MEDIA_STORE === 's3') {
      for (const name of ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
        if (env[name] === undefined) refuse(name, 'is needed with MEDIA_STORE=s3');
      }
    }
    const number = [env.WHATSAPP_ACCESS_TOKEN, env.WHATSAPP_PHONE_NUMBER_ID, env.WHATSAPP_BUSINESS_ACCOUNT_ID];
    if (number.some((value) => value === undefined) && number.some((value) => value !== undefined)) {
      refuse(
        'WHATSAPP_PHONE_NUMBER_ID',
        'WHATSAPP_ACCESS_TOKEN and WHATSAPP_BUSINESS_ACCOUNT_ID describe one number: set all three or none',
      );
    }
  });

/** The validated environment; nothing else in the backend reads `process.env`. */
export interface Environment {
  production: boolean;
  host: string;
  port: number;
  databaseUrl: string;
  redisUrl: string;
  dataDir: string;
  /** Origin that browsers and Meta see; null = derived from the port once it is known. */
  publicUrl: string | null;
  /** Addresses of proxies, as Fastify's `trustProxy` takes them; null = believe none. */
  trustProxy: string | null;
  jwtSecret: string;
  /** Newest first: the first encrypts, all decrypt. */
  encryptionKeys: { kid: string; key: Buffer }[];
  admin: { email: string; password: string } | null;
  whatsapp: {
    webhookToken: string | null;
    appSecrets: string[];
    /** The first number, upserted at each start. */
    number: { accessToken: string; phoneNumberId: string; businessAccountId: string } | null;
    graphUrl: string;
    graphVersion: string;
    mediaHosts: string[];
  };
  /** Null keeps files under `dataDir`. */
  s3: {
    endpoint: string;
    region: string;
    bucket: string;
    accessKeyId: string;
    secretAccessKey: string;
    pathStyle: boolean;
    prefix: string;
  } | null;
  /** Templates are read from Meta by themselves; an admin can always ask for it. */
  templateSync: boolean;
  /** Whether the numbers are checked at Meta from time to time, without anybody asking. */
  numberChecks: boolean;
  metricsToken: string | null;
  /** How long `ready` says no before connections are refused: longer than a proxy passes over an instance that failed. */
  stopNoticeMs: number;
  /** `life`: the demo's customers keep writing now and then. */
  demo: { signIns: z.output<typeof signIns>; simulatorUrl: string | null; life: boolean } | null;
}

/** The address that Meta posts to. */
export const callbackUrlOf = ({ publicUrl, port }: Environment): string =>
  `${(publicUrl ?? `http://localhost:${port}`).replace(/\/+$/, '')}/api/webhooks/whatsapp`;

/** Thrown once with every problem, so that an operator mends all of them in one go. */
export class EnvironmentError extends Error {}

/**
 * Validates the environment.
 * @throws EnvironmentError listing every variable that is missing or wrong.
 */
export function loadEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new EnvironmentError(`The environment is not usable:\n${problems.join('\n')}`);
  }
  const env = parsed.data;
  const number =
    env.WHATSAPP_ACCESS_TOKEN && env.WHATSAPP_PHONE_NUMBER_ID && env.WHATSAPP_BUSINESS_ACCOUNT_ID
      ? {
          accessToken: env.WHATSAPP_ACCESS_TOKEN,
          phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID,
          businessAccountId: env.WHATSAPP_BUSINESS_ACCOUNT_ID,
        }
      : null;
  return {
    production: env.NODE_ENV === 'production',
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDir: env.DATA_DIR,
    publicUrl: env.PUBLIC_URL ?? null,
    trustProxy: env.TRUST_PROXY ?? null,
    jwtSecret: env.JWT_SECRET,
    encryptionKeys: env.ENCRYPTION_KEYS,
    admin: env.ADMIN_EMAIL && env.ADMIN_PASSWORD ? { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD } : null,
    whatsapp: {
      webhookToken: env.WHATSAPP_WEBHOOK_TOKEN ?? null,
      appSecrets: env.WHATSAPP_APP_SECRET ?? [],
      number,
      graphUrl: env.WHATSAPP_GRAPH_URL.replace(/\/+$/, ''),
      graphVersion: env.WHATSAPP_GRAPH_VERSION,
      mediaHosts: env.WHATSAPP_MEDIA_HOSTS,
    },
    s3:
      env.MEDIA_STORE === 's3'
        ? {
            endpoint: env.S3_ENDPOINT ?? `https://s3.${env.S3_REGION}.amazonaws.com`,
            region: env.S3_REGION,
            bucket: env.S3_BUCKET ?? '',
            accessKeyId: env.S3_ACCESS_KEY_ID ?? '',
            secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '',
            pathStyle: env.S3_FORCE_PATH_STYLE,
            prefix: env.S3_PREFIX,
          }
        : null,
    templateSync: env.TEMPLATE_SYNC,
    numberChecks: env.NUMBER_CHECKS,
    metricsToken: env.METRICS_TOKEN ?? null,
    stopNoticeMs: env.STOP_NOTICE_SECONDS * 1_000,
    demo: env.DEMO_MODE
      ? { signIns: env.DEMO_SIGN_INS ?? [], simulatorUrl: env.SIMULATOR_URL ?? null, life: env.DEMO_LIFE }
      : null,
  };
}

/** For programs that need the database alone (migrations). */
export function loadDatabaseUrl(source: NodeJS.ProcessEnv = process.env): string {
  const url = source['DATABASE_URL'];
  if (!url) throw new EnvironmentError('DATABASE_URL is missing');
  return url;
}
