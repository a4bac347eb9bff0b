import { SecretBox } from '../common/secret-box.js';
import { callbackUrlOf, type Environment } from '../config/environment.js';
import { checkAddress, checkSecrets, checkWebhook } from './check-edge.js';
import { checkNumber, checkSubscription, checkToken, type Patient } from './check-meta.js';
import { checkDatabase, checkDisk, checkRedis } from './check-stores.js';
import { DoctorRepository } from './doctor.repository.js';
import { about, type Finding } from './finding.js';
import { Graph } from './graph.js';

interface Stored {
  findings: Finding[];
  patients: Patient[];
  verifyToken: string | null;
}

/** Looks at everything; nothing is changed, and no check keeps another from being made. */
export async function examine(environment: Environment): Promise<Finding[]> {
  const stored = await look(environment);
  const callbackUrl = callbackUrlOf(environment);
  const meta = await Promise.all(
    stored.patients.map(async (patient) => [
      ...(await checkToken(patient)),
      await checkSubscription(patient, callbackUrl),
      ...(await checkNumber(patient)),
    ]),
  );
  const [webhook, redis, disk] = await Promise.all([
    checkWebhook(environment, stored.verifyToken),
    checkRedis(environment.redisUrl),
    checkDisk(environment),
  ]);
  const numbers = about('numbers', 'Numbers');
  const all = [
    checkSecrets(environment),
    ...checkAddress(environment),
    webhook,
    ...(stored.patients.length > 0 ? [] : [numbers.warn('none has a token', 'Connect one under Settings > Numbers.')]),
    ...meta.flat(),
    ...stored.findings,
    ...redis,
    disk,
  ];
  // Every number asks Meta's clock: once is enough.
  return all.filter(({ id }, index) => id !== 'clock.meta' || all.findIndex((other) => other.id === id) === index);
}

/** What the database knows; without it the number of the environment is looked at all the same. */
async function look(environment: Environment): Promise<Stored> {
  const { webhookToken, number, appSecrets } = environment.whatsapp;
  let database: DoctorRepository | null = null;
  try {
    database = await DoctorRepository.open(environment.databaseUrl);
    const findings = await checkDatabase(database);
    if (findings.some(({ id, state }) => id === 'database.migrations' && state === 'fail')) {
      return { findings, patients: fromEnvironment(environment), verifyToken: webhookToken };
    }
    const box = new SecretBox(environment.encryptionKeys);
    const keys = about('encryption_keys', 'ENCRYPTION_KEYS');
    const locked: string[] = [];
    const open = (sealed: string | null, place: string, name: string): string | null => {
      try {
        return sealed === null ? null : box.open(sealed, place);
      } catch {
        locked.push(name);
        return null;
      }
    };
    const patients = (await database.numbers()).flatMap((row): Patient[] => {
      const token = open(row.accessTokenSealed, `channels.access_token.${row.id}`, row.name);
      const own = open(row.appSecretSealed, `channels.app_secret.${row.id}`, row.name);
      if (token === null) return [];
      const graph = new Graph(baseOf(environment), token);
      return [{ ...row, graph, appSecrets: own === null ? appSecrets : [own, ...appSecrets] }];
    });
    const sealed = webhookToken === null ? await database.verifyTokenSealed() : null;
    const verifyToken = webhookToken ?? open(sealed, 'workspace.verify_token', 'the verify token');
    findings.push(
      locked.length > 0
        ? keys.fail(
            `cannot open the secrets of ${[...new Set(locked)].join(', ')}`,
            'Put the key back that they were sealed with (after the newest one), or enter the token anew.',
          )
        : keys.ok('open everything that is stored'),
    );
    const isKnown = number !== null && patients.some(({ phoneNumberId }) => phoneNumberId === number.phoneNumberId);
    return { findings, patients: isKnown ? patients : [...patients, ...fromEnvironment(environment)], verifyToken };
  } catch {
    const todo =
      'Start PostgreSQL, or mend DATABASE_URL (address, name, password); with npm start’s own, start Parley first.';
    return {
      findings: [about('database', 'PostgreSQL').fail('does not answer', todo)],
      patients: fromEnvironment(environment),
      verifyToken: webhookToken,
    };
  } finally {
    await database?.close().catch(() => undefined);
  }
}

function fromEnvironment(environment: Environment): Patient[] {
  const { number, appSecrets } = environment.whatsapp;
  if (number === null) return [];
  const { accessToken, phoneNumberId, businessAccountId } = number;
  const graph = new Graph(baseOf(environment), accessToken);
  return [{ name: phoneNumberId, phoneNumberId, businessAccountId, graph, appSecrets }];
}

const baseOf = ({ whatsapp }: Environment): string => `${whatsapp.graphUrl}/${whatsapp.graphVersion}`;
