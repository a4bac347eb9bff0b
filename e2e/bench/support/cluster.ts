import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { startBackend, type Instance } from './instance.ts';
import { RawSocket, type Tally } from './raw-socket.ts';
import { redisInfo } from './redis-info.ts';
import { round, type Row } from './results.ts';
import { makeAgents } from './tokens.ts';

/** Handshakes under way at once: a storm is measured elsewhere. */
const CONNECTING_AT_ONCE = 50;
const TICKS_PER_SECOND = 100;

/** Two instances on one PostgreSQL and one Redis, and agents whose tokens both believe. */
export interface Cluster {
  instances: Instance[];
  urls: string[];
  database: pg.Client;
  agents: { id: string; token: string }[];
  stop(): Promise<void>;
}

export async function startCluster(agents: number, instances = 2): Promise<Cluster> {
  const database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await database.connect();
  const started = [await startBackend()];
  while (started.length < instances) started.push(await startBackend());
  return {
    instances: started,
    urls: started.map(({ url }) => url),
    database,
    agents: await makeAgents(database, agents),
    stop: async () => {
      await database.end();
      await Promise.all(started.map((instance) => instance.stop()));
    },
  };
}

/** `count` live sockets, spread over the instances and the agents. */
export async function connectAll(cluster: Cluster, count: number, tally: Tally | null): Promise<RawSocket[]> {
  const sockets: RawSocket[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(CONNECTING_AT_ONCE, count) }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        const url = cluster.urls[index % cluster.urls.length] ?? '';
        const token = cluster.agents[index % cluster.agents.length]?.token ?? '';
        sockets.push(await RawSocket.live(url, token, tally));
      }
    }),
  );
  return sockets;
}

/** Cores that each process took since it was last asked: instances, PostgreSQL, Redis, and ourselves. */
export class CpuByProcess {
  private readonly cluster: Cluster;
  private readonly postmaster: string;
  private before: Record<string, number> = {};
  private atMs = 0;

  private constructor(cluster: Cluster, postmaster: string) {
    this.cluster = cluster;
    this.postmaster = postmaster;
  }

  static async begin(cluster: Cluster): Promise<CpuByProcess> {
    const { rows } = await cluster.database.query<{ pid: number }>('select pg_backend_pid() as pid');
    const postmaster = statOf(String(rows[0]?.pid))[1] ?? '';
    const cpu = new CpuByProcess(cluster, postmaster);
    await cpu.rows('');
    return cpu;
  }

  async rows(what: string): Promise<Row[]> {
    const now = await this.read();
    const seconds = (performance.now() - this.atMs) / 1_000;
    const rows = Object.entries(now).map(([name, value]) => ({
      measure: `CPU of ${name}, ${what}`,
      value: round((value - (this.before[name] ?? 0)) / seconds),
      unit: 'cores',
    }));
    this.before = now;
    this.atMs = performance.now();
    return rows;
  }

  private async read(): Promise<Record<string, number>> {
    const own = process.cpuUsage();
    const postgres = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && this.isPostgres(pid));
    return {
      instances: this.cluster.instances.reduce((sum, instance) => sum + instance.cpuSeconds(), 0),
      PostgreSQL: postgres.reduce((sum, pid) => sum + ticksOf(pid) / TICKS_PER_SECOND, 0),
      Redis: (await redisInfo(process.env['REDIS_URL'] ?? '')).cpuSeconds,
      generator: (own.user + own.system) / 1e6,
    };
  }

  private isPostgres(pid: string): boolean {
    return pid === this.postmaster || statOf(pid)[1] === this.postmaster;
  }
}

/** Fields of /proc/<pid>/stat from the state on; empty when the process is gone. */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** Own CPU and that of children that have ended. */
const ticksOf = (pid: string): number =>
  [11, 12, 13, 14].reduce((sum, field) => sum + Number(statOf(pid)[field] ?? 0), 0);
