import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { flushRedis } from '../../fixtures/parts.ts';
import { textBody } from '../bodies.ts';
import type { Fault, Scene } from '../fault.ts';
import { type Rig, waitFor } from '../rig.ts';
import { largeBody, withTinyDisk } from '../tiny-disk.ts';

const NO_STORE_ANSWER_MS = 2_000;
const REDIS_TARGET_SECONDS = 10;
const POSTGRES_TARGET_SECONDS = 5;
const OK = 200;
const UNAVAILABLE = 503;

/** Redis restarted, emptied and away: it only ever made things faster. */
export const brokenRedis: Fault = {
  id: 'F2',
  title: 'Redis is restarted, emptied and away',
  target: 'webhooks are still answered with 200; the lag is gone 10 s after its return',
  async run({ rig, traffic, ledger, size, recovers, doorToScreen }) {
    await traffic.begin(size(6, 30));
    const calm = { perTurn: size(4, 30), least: size(30, 1_000) };
    for (let time = 0; time < size(1, 5); time += 1)
      await traffic.while(async () => {
        await rig.topology.redis.stop();
        await rig.topology.startRedis();
      }, calm);
    for (let time = 0; time < size(1, 3); time += 1)
      await traffic.while(() => flushRedis({ redisUrl: rig.topology.redis.url }), calm);
    await traffic.while(async () => {
      await rig.topology.redis.stop();
      const untilMs = performance.now() + size(2_000, 60_000);
      while (performance.now() < untilMs) {
        const { status } = await rig.post(textBody(rig.nextPhone()));
        if (status !== OK) ledger.blame('bad answer', `without Redis the door answered ${String(status)}`);
      }
      await rig.topology.startRedis();
    }, calm);
    await recovers('a new message on every screen after Redis is back', REDIS_TARGET_SECONDS, doorToScreen);
  },
};

/** What the door says while nothing can be stored: 503 at once. */
async function doorWithoutStore({ rig, ledger }: Scene, tries: number, bodyFor = textBody): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { status, tookMs } = await rig.post(bodyFor(rig.nextPhone()), rig.instanceUrl(attempt));
    if (status !== UNAVAILABLE) ledger.blame('bad answer', `without a store the door answered ${String(status)}`);
    ledger.facts['slowest 503, ms'] = Math.max(Math.round(tookMs), ledger.facts['slowest 503, ms'] ?? 0);
  }
  ledger.facts['503 target, ms'] = NO_STORE_ANSWER_MS;
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

/** PostgreSQL restarted, killed and away. */
export const brokenPostgres: Fault = {
  id: 'F3',
  title: 'PostgreSQL is restarted, killed and away',
  target: '503 within 2 s; processes stay up; recovery below 5 s',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen } = scene;
    await traffic.begin(size(6, 30));
    const before = pids(rig);
    const calm = { perTurn: size(4, 30), least: size(30, 800) };
    for (let time = 0; time < size(1, 5); time += 1) {
      await traffic.while(async () => {
        await rig.topology.postgres.stop();
        await rig.topology.startPostgres();
      }, calm);
      await traffic.while(async () => {
        const pidFile = await readFile(path.join(rig.topology.folder, 'postgres', 'postmaster.pid'), 'utf8');
        process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
        await rig.topology.postgres.ended;
        await rig.topology.startPostgres();
      }, calm);
    }
    await traffic.while(async () => {
      await rig.topology.postgres.stop();
      const untilMs = performance.now() + size(1_000, 60_000);
      do await doorWithoutStore(scene, 4);
      while (performance.now() < untilMs);
      await rig.topology.startPostgres();
    }, calm);
    await recovers('both instances ready', POSTGRES_TARGET_SECONDS, () => rig.isReady());
    await recovers('a new message on every screen', POSTGRES_TARGET_SECONDS, doorToScreen);
    stayedUp(scene, before);
    ledger.facts['restarts'] = size(3, 11);
  },
};

/** A PostgreSQL that takes no writes: a standby after a failover, or a full disk. */
export const readOnlyAndFull: Fault = {
  id: 'F4',
  title: 'PostgreSQL is read-only, then its disk is full',
  target: '503, no crash, nothing lost after the repair',
  async run(scene) {
    const { rig, traffic, ledger, size, recovers, doorToScreen } = scene;
    await traffic.begin(size(6, 30));
    const before = pids(rig);
    const calm = { perTurn: size(4, 30), least: size(20, 1_000) };
    const setReadOnly = async (value: 'on' | 'off'): Promise<void> => {
      await rig.sql(`alter system set default_transaction_read_only = ${value}`);
      await rig.sql('select pg_reload_conf()');
    };
    const isRefused = async (): Promise<boolean> => {
      const answers = await Promise.all(
        [0, 1].map((index) => rig.post(textBody(rig.nextPhone()), rig.instanceUrl(index))),
      );
      return answers.every(({ status }) => status === UNAVAILABLE);
    };
    await traffic.while(async () => {
      await setReadOnly('on');
      await waitFor(isRefused, 'a store that takes no writes');
      await doorWithoutStore(scene, size(4, 40));
      await setReadOnly('off');
    }, calm);
    await recovers('a new message on every screen once it takes writes', POSTGRES_TARGET_SECONDS, doorToScreen);
    ledger.facts['disk filled'] = await withTinyDisk(rig, async (disk) => {
      await traffic.while(async () => {
        await disk.fill();
        await doorWithoutStore(scene, size(4, 40), largeBody);
        await disk.free();
      }, calm);
      await recovers('a new message on every screen once there is room', POSTGRES_TARGET_SECONDS, doorToScreen);
    });
    stayedUp(scene, before);
  },
};
