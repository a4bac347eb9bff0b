import {
  DEFAULT_BUSINESS_ACCOUNT_ID,
  DEFAULT_DISPLAY_PHONE_NUMBER,
  DEFAULT_PHONE_NUMBER_ID,
  DEFAULT_VERIFIED_NAME,
  type SimulatorOptions,
} from './options.ts';
import { createSimulator } from './simulator.ts';

const DEFAULT_PORT = 4004;

/** The simulator as a program of its own: settings from the environment, ready and gone by ipc or signal. */
async function main(): Promise<void> {
  const simulator = await createSimulator(optionsFromEnvironment(process.env));
  process.send?.({ ready: true, url: simulator.url });
  console.log(`Cloud API simulator: ${simulator.url}/ (phones), media on ${simulator.mediaUrl}`);

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    if (process.connected) process.disconnect();
    void simulator.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
}

/** Unset names take the defaults that demo mode and tests share. */
function optionsFromEnvironment(env: NodeJS.ProcessEnv): SimulatorOptions {
  const number = {
    id: env['SIMULATOR_PHONE_NUMBER_ID'] ?? DEFAULT_PHONE_NUMBER_ID,
    displayPhoneNumber: env['SIMULATOR_DISPLAY_PHONE_NUMBER'] ?? DEFAULT_DISPLAY_PHONE_NUMBER,
    verifiedName: env['SIMULATOR_VERIFIED_NAME'] ?? DEFAULT_VERIFIED_NAME,
    businessAccountId: env['SIMULATOR_BUSINESS_ACCOUNT_ID'] ?? DEFAULT_BUSINESS_ACCOUNT_ID,
  };
  return {
    port: Number(env['SIMULATOR_PORT'] ?? DEFAULT_PORT),
    mediaPort: Number(env['SIMULATOR_MEDIA_PORT'] ?? 0),
    numbers: [number],
    ...givenNumber('seed', env['SIMULATOR_SEED']),
    ...givenNumber('sentKept', env['SIMULATOR_SENT_KEPT']),
    ...given('webhookUrl', env['SIMULATOR_WEBHOOK_URL']),
    ...given('appSecret', env['SIMULATOR_APP_SECRET']),
    ...given('verifyToken', env['SIMULATOR_VERIFY_TOKEN']),
    ...given('accessToken', env['SIMULATOR_ACCESS_TOKEN']),
  };
}

function given<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const part: Partial<Record<K, string>> = {};
  if (value !== undefined && value !== '') part[key] = value;
  return part;
}

function givenNumber<K extends string>(key: K, value: string | undefined): Partial<Record<K, number>> {
  const part: Partial<Record<K, number>> = {};
  if (value !== undefined && value !== '') part[key] = Number(value);
  return part;
}

await main();
