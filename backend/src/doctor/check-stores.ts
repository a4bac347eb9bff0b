import { Redis } from 'ioredis';
import { statfs } from 'node:fs/promises';
import type { Environment } from '../config/environment.js';
import type { DoctorRepository } from './doctor.repository.js';
import { about, type Finding } from './finding.js';

const GIGABYTE = 1_024 ** 3;
const OLDEST_POSTGRES = 16;
const CONNECTIONS_WANTED = 60;
const HELD_TOO_LONG_SECONDS = 5;
const CLOCK_WARN_MS = 2_000;
const FREE_WARN = 0.15;
const FREE_FAIL = 0.05;
const REDIS_WITHIN_MS = 2_000;

/** What PostgreSQL says of itself. */
export async function checkDatabase(
  database: DoctorRepository,
  heldTooLongSeconds = HELD_TOO_LONG_SECONDS,
): Promise<Finding[]> {
  const [{ missing, unknown }, facts] = [await database.migrations(), await database.facts()];
  const server = about('database', 'PostgreSQL');
  const schema = about('database.migrations', 'Migrations');
  const log = about('database.horizon', 'Log of changes');
  const slots = about('database.slots', 'Replication slots');
  const clock = about('clock.database', 'Clock against PostgreSQL');
  const offsetMs = Math.abs(Date.now() - facts.now.getTime());
  return [
    facts.version < OLDEST_POSTGRES
      ? server.fail(
          `version ${facts.version}`,
          `Upgrade PostgreSQL to ${OLDEST_POSTGRES} or newer (18 is what is tested).`,
        )
      : facts.encoding !== 'UTF8'
        ? server.fail(`encoding ${facts.encoding}`, "Make the database anew with encoding 'UTF8' and restore into it.")
        : server.ok(`version ${facts.version}, ${(facts.databaseBytes / GIGABYTE).toFixed(1)} GB`),
    missing.length > 0
      ? schema.fail(
          `${missing.length} missing, ${missing.at(0) ?? ''} first`,
          'Run node backend/dist/migrate.js before any instance starts.',
        )
      : unknown > 0
        ? schema.warn(
            `${unknown} of a newer version`,
            'The schema is ahead by a version: upgrade these files too, soon.',
          )
        : schema.ok('all applied'),
    ...checkSettings(facts.settings),
    facts.horizonSeconds > heldTooLongSeconds
      ? log.fail(
          `held back for ${Math.round(facts.horizonSeconds)} s by ${facts.horizonHolder ?? 'somebody'}`,
          'End that transaction (select pg_terminate_backend(pid)) and keep such programs off this server.',
        )
      : log.ok('nothing holds it back'),
    facts.idleSlotBytes > GIGABYTE
      ? slots.fail(
          `${facts.idleSlots.join(', ')} keeps ${(facts.idleSlotBytes / GIGABYTE).toFixed(1)} GB of WAL`,
          'Bring its reader back or drop the slot (select pg_drop_replication_slot(name)) before the disk is full.',
        )
      : slots.ok(
          facts.idleSlots.length === 0 ? 'none without a reader' : `${facts.idleSlots.join(', ')} waits for its reader`,
        ),
    offsetMs > CLOCK_WARN_MS
      ? clock.warn(
          `${(offsetMs / 1_000).toFixed(1)} s apart`,
          'Let chrony or systemd-timesyncd set the clock on both machines.',
        )
      : clock.ok('less than 2 s apart'),
  ];
}

function checkSettings(settings: Record<string, string>): Finding[] {
  const durable = about('database.durable', 'Durability');
  const lossy = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => settings[name] === 'off');
  const tuning = about('database.settings', 'Settings');
  const connections = Number(settings['max_connections']);
  return [
    lossy.length > 0
      ? durable.fail(
          `${lossy.join(', ')} off`,
          'Switch it on: Meta is told "stored" and a power cut would lose the message.',
        )
      : durable.ok('a commit survives a power cut'),
    settings['autovacuum'] === 'off'
      ? tuning.fail('autovacuum off', 'Switch autovacuum on: tables grow without end otherwise.')
      : connections < CONNECTIONS_WANTED
        ? tuning.warn(
            `max_connections ${connections}`,
            `Raise max_connections to ${CONNECTIONS_WANTED} or more: each instance takes up to 22.`,
          )
        : tuning.ok(`max_connections ${connections}, autovacuum on`),
  ];
}

/** Redis loses nothing that is missed, but with an evicting policy it loses wake-ups without saying so. */
export async function checkRedis(redisUrl: string): Promise<Finding[]> {
  const server = about('redis', 'Redis');
  const policy = about('redis.policy', 'Redis policy');
  const persistence = about('redis.persistence', 'Redis persistence');
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: REDIS_WITHIN_MS,
    commandTimeout: REDIS_WITHIN_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info();
    const value = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    const snapshots = await redis.config('GET', 'save').then(
      (answer) => (answer as string[])[1] ?? '',
      () => '',
    );
    const evicts = value('maxmemory_policy');
    return [
      server.ok(`version ${value('redis_version')}`),
      evicts === 'noeviction'
        ? policy.ok('noeviction')
        : policy.fail(
            evicts || 'unknown',
            'Set maxmemory-policy noeviction: a queue whose keys are evicted loses wake-ups.',
          ),
      value('aof_enabled') === '1' || snapshots !== ''
        ? persistence.ok(value('aof_enabled') === '1' ? 'append-only file' : 'snapshots')
        : persistence.warn(
            'none',
            'Set appendonly yes: without it a restart forgets all wake-ups and everything waits for a sweep.',
          ),
    ];
  } catch {
    const skipped = 'Redis does not answer';
    return [
      server.fail(
        'does not answer',
        'Start Redis, or mend REDIS_URL (address, password); until then everything is a second slower.',
      ),
      policy.skip(skipped),
      persistence.skip(skipped),
    ];
  } finally {
    redis.disconnect();
  }
}

/** How full the disk of DATA_DIR is; `measure` is for tests, which have no full disk at hand. */
export async function checkDisk(
  { dataDir }: Pick<Environment, 'dataDir'>,
  measure: (path: string) => Promise<{ bavail: number; blocks: number; bsize: number }> = statfs,
): Promise<Finding> {
  const disk = about('disk', 'Disk of DATA_DIR');
  try {
    const { bavail, blocks, bsize } = await measure(dataDir);
    const share = bavail / blocks;
    const detail = `${((bavail * bsize) / GIGABYTE).toFixed(1)} GB free (${Math.round(share * 100)} %)`;
    const todo = `Free space on the disk of ${dataDir} (old images, logs), or move it to a larger one.`;
    return share < FREE_FAIL ? disk.fail(detail, todo) : share < FREE_WARN ? disk.warn(detail, todo) : disk.ok(detail);
  } catch {
    return disk.fail('cannot be read', `Make ${dataDir} and give it to the user that runs Parley, or mend DATA_DIR.`);
  }
}
