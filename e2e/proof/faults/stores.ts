import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { flushRedis } from '../../fixtures/parts.ts';
import type { Fault, Scene } from '../fault.ts';
import { waitFor } from '../../topology/wait-for.ts';
import type { Rig } from '../rig.ts';
import { noise, withTinyDisk } from '../tiny-disk.ts';

const NO_STORE_TARGET_SECONDS = 2;
const REDIS_TARGET_SECONDS = 10;
const POSTGRES_TARGET_SECONDS = 5;
const FROZEN_MS = 3_000;
const OK = 200;
const UNAVAILABLE = 503;
const BACK = 'a new message on every screen';

/** Without Redis each knock is answered with 200, for this long. */
async function doorWithoutRedis({ knock, ledger }: Scene, forMs: number): Promise<void> {
  const endMs = performance.now() + forMs;
  do {
    const { status } = await knock();
    if (status !== OK) ledger.blame('bad answer', `without Redis the door answered ${String(status)}`);
  } while (performance.now() < endMs);
}

/** Redis restarted, emptied, frozen and away: it only ever made things faster. */
export const brokenRedis: Fault = {
  id: 'F2',
  title: 'Redis is restarted, emptied, frozen and away',
  target: 'webhooks are still answered with 200; the lag is gone 10 s after its return',
  asked: '50,000 items, 10 restarts, 3 times emptied, 60 s away. Fewer items: a minute of the run is the absence',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen } = scene;
    await traffic.begin(size(6, 100));
    const calm = { perTurn: size(4, 30), least: size(30, 500) };
    for (let time = 0; time < size(1, 10); time += 1)
      await traffic.while(async () => {
        await rig.topology.redis.stop();
        await rig.topology.startRedis();
        await recovers(`${BACK} after Redis restarted`, REDIS_TARGET_SECONDS, doorToScreen);
      }, calm);
    for (let time = 0; time < size(1, 3); time += 1)
      await traffic.while(() => flushRedis({ redisUrl: rig.topology.redis.url }), calm);
    await traffic.while(async () => {
      const thaw = await rig.freeze('redis');
      await doorWithoutRedis(scene, FROZEN_MS);
      thaw();
      await recovers(`${BACK} after Redis thawed`, REDIS_TARGET_SECONDS, doorToScreen);
    }, calm);
    await traffic.while(async () => {
      await rig.topology.redis.stop();
      await doorWithoutRedis(scene, size(2_000, 60_000));
      await recovers(`${BACK} while Redis is away`, REDIS_TARGET_SECONDS, doorToScreen);
      await rig.topology.startRedis();
      await recovers(`${BACK} after Redis is back`, REDIS_TARGET_SECONDS, doorToScreen);
    }, calm);
    ledger.facts['restarts'] = size(2, 11);
    ledger.facts['times emptied'] = size(1, 3);
    ledger.facts['seconds away'] = size(2, 60);
  },
};

/** What the door says while nothing can be stored: 503 at once. */
async function doorWithoutStore(
  { rig, ledger, took, knock }: Scene,
  tries: number,
  more?: () => object,
): Promise<void> {
  let slowestMs = 0;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { status, tookMs } = await knock(rig.instanceUrl(attempt), more?.());
    if (status !== UNAVAILABLE) ledger.blame('bad answer', `without a store the door answered ${String(status)}`);
    slowestMs = Math.max(slowestMs, tookMs);
  }
  took('the slowest 503 of the door', NO_STORE_TARGET_SECONDS, slowestMs);
}

const pids = ({ topology }: Rig): number[] => topology.instances.map((instance) => instance?.pid ?? 0);

/** The same processes as before: nobody died of the store's trouble. */
function stayedUp({ rig, ledger }: Scene, before: readonly number[]): void {
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  if (!pids(rig).every(isAlive) || pids(rig).join() !== before.join())
    ledger.blame('bad answer', 'an instance died with its database');
}

/** PostgreSQL restarted in all its ways, killed, frozen and away. */
export const brokenPostgres: Fault = {
  id: 'F3',
  title: 'PostgreSQL is restarted, killed, frozen and away',
  target: '503 within 2 s; processes stay up; recovery below 5 s',
  asked: '50,000 items, 10 restarts, 60 s away. Fewer items: a minute of the run is the absence',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen } = scene;
    await traffic.begin(size(6, 100));
    const before = pids(rig);
    const calm = { perTurn: size(4, 30), least: size(30, 500) };
    const isBack = async (after: string): Promise<void> => {
      await recovers(`both instances ready after PostgreSQL ${after}`, POSTGRES_TARGET_SECONDS, () => rig.isReady());
      await recovers(`${BACK} after PostgreSQL ${after}`, POSTGRES_TARGET_SECONDS, doorToScreen);
    };
    // Fast shutdown; immediate shutdown, which recovers from the log; a death without a word, likewise.
    const ways = (['SIGINT', 'SIGQUIT', 'SIGKILL'] as const).slice(0, 3);
    for (let time = 0; time < size(3, 10); time += 1)
      await traffic.while(async () => {
        process.kill(await postmaster(rig), ways[time % ways.length]);
        await rig.topology.postgres.ended;
        await rig.topology.startPostgres();
        await isBack('restarted');
      }, calm);
    await traffic.while(async () => {
      const thaw = await rig.freeze('postgres');
      await doorWithoutStore(scene, size(2, 4));
      thaw();
      await isBack('thawed');
    }, calm);
    await traffic.while(async () => {
      await rig.topology.postgres.stop();
      const untilMs = performance.now() + size(1_000, 60_000);
      do await doorWithoutStore(scene, 4);
      while (performance.now() < untilMs);
      await rig.topology.startPostgres();
      await isBack('was away');
    }, calm);
    stayedUp(scene, before);
    ledger.facts['restarts'] = size(3, 10);
    ledger.facts['seconds away'] = size(1, 60);
  },
};

async function postmaster({ topology }: Rig): Promise<number> {
  const pidFile = await readFile(path.join(topology.folder, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(pidFile.split('\n')[0]);
}

/** A PostgreSQL that takes no writes: a standby after a failover, or a full disk. */
export const readOnlyAndFull: Fault = {
  id: 'F4',
  title: 'PostgreSQL is read-only, then its disk is full',
  target: '503, no crash, nothing lost after the repair',
  asked: '5,000 items',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen, knock } = scene;
    await traffic.begin(size(6, 60));
    const before = pids(rig);
    const calm = { perTurn: size(4, 30), least: size(20, 1_500) };
    const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
      await rig.sql(`alter system set default_transaction_read_only = ${value}`);
      await rig.sql('select pg_reload_conf()');
    };
    const isRefused = async (): Promise<boolean> => {
      const answers = await Promise.all([0, 1].map((index) => knock(rig.instanceUrl(index))));
      return answers.every(({ status }) => status === UNAVAILABLE);
    };
    await traffic.while(async () => {
      await setReadOnly('on');
      await waitFor(isRefused, 'a store that takes no writes');
      await doorWithoutStore(scene, size(4, 40));
      await setReadOnly('off');
      await recovers(`${BACK} once it takes writes`, POSTGRES_TARGET_SECONDS, doorToScreen);
    }, calm);
    ledger.facts['disk filled'] = await withTinyDisk(scene, async (disk) => {
      await traffic.while(async () => {
        await disk.fill();
        await doorWithoutStore(scene, size(4, 40), noise);
        await disk.free();
        await recovers(`${BACK} once there is room`, POSTGRES_TARGET_SECONDS, doorToScreen);
      }, calm);
    });
    stayedUp(scene, before);
  },
};
