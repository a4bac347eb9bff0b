import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { call } from './support/api.ts';
import { connectAll, CpuByProcess, startCluster } from './support/cluster.ts';
import { redisInfo } from './support/redis-info.ts';
import { latencyRows, median, nowMs, round, type Row, writeResults } from './support/results.ts';
import { newTally, postAtRate } from './support/traffic.ts';

/** The same work for minutes: what must not grow with time does not. `--minutes 10` for the whole of it. */
const { values: options } = parseArgs({
  options: { large: { type: 'boolean' }, minutes: { type: 'string' }, rate: { type: 'string', default: '100' } },
});
const MINUTES = Number(options.minutes ?? (options.large ? 10 : 2));
const RATE = Number(options.rate);
const SOCKETS = 40;
/** Autovacuum looks once a minute: after two of its rounds a small table has the room that its versions turn over in. */
const WARM_UP_SECONDS = 150;
const LOOK_EVERY_MS = 5_000;
const MB = 1_024 * 1_024;
/** Rows that are changed again and again, not added: their tables must not grow. */
const REWRITTEN = ['conversations', 'outbox', 'read_cursors', 'conversation_counts', 'conversation_count_steps'];

interface Look {
  rssMb: number;
  redisKeys: number;
  redisMb: number;
  rewrittenMb: number;
  deadShare: number;
}

const cluster = await startCluster(SOCKETS);

async function look(): Promise<Look> {
  const redis = await redisInfo(process.env['REDIS_URL'] ?? '');
  const { rows } = await cluster.database.query<{ bytes: number; dead: number }>(
    `select sum(pg_table_size(relid))::float8 as bytes, sum(n_dead_tup)::float8 / greatest(sum(n_live_tup), 1) as dead
     from pg_stat_user_tables where relname = any($1)`,
    [REWRITTEN],
  );
  return {
    rssMb: cluster.instances.reduce((sum, instance) => sum + instance.rssBytes(), 0) / MB,
    redisKeys: redis.keys,
    redisMb: redis.usedBytes / MB,
    rewrittenMb: (rows[0]?.bytes ?? 0) / MB,
    deadShare: rows[0]?.dead ?? 0,
  };
}

/** Agents who take, read and give back what is there, a few times a second. */
async function work(isOver: () => boolean): Promise<void> {
  for (let turn = 0; !isOver(); turn += 1) {
    const { token } = cluster.agents[turn % cluster.agents.length] ?? { token: '' };
    const url = cluster.urls[turn % cluster.urls.length] ?? '';
    const list = await call<{ items: { id: string; lastMessage: { id: string } | null }[] }>(
      url,
      token,
      'GET',
      '/conversations?status=open&assignee=none&limit=20',
    );
    const one = list.body.items[turn % 20];
    if (one) {
      await call(url, token, 'POST', `/conversations/${one.id}/claim`);
      await call(url, token, 'POST', `/conversations/${one.id}/read`, { messageId: one.lastMessage?.id });
      await call(url, token, 'POST', `/conversations/${one.id}/release`);
    }
    await call(url, token, 'GET', '/conversations/counts');
    await delay(100);
  }
}

const warm = newTally(RATE * WARM_UP_SECONDS);
const sockets = await connectAll(cluster, SOCKETS, null);
let isOver = false;
const working = work(() => isOver);
await postAtRate(cluster.urls, { rate: RATE, count: RATE * WARM_UP_SECONDS, label: 'warm', tally: warm });

const seconds = Math.round(MINUTES * 60);
const tally = newTally(RATE * seconds);
const watching = await connectAll({ ...cluster, agents: cluster.agents.slice(0, 1) }, 2, tally);
const cpu = await CpuByProcess.begin(cluster);
const looks: Look[] = [];
const looking = (async () => {
  while (!isOver) {
    looks.push(await look());
    await delay(LOOK_EVERY_MS);
  }
})();
await postAtRate(cluster.urls, { rate: RATE, count: RATE * seconds, label: 'soak', tally });
const until = nowMs() + 10_000;
while (nowMs() < until && watching.some(({ received }) => received < RATE * seconds)) await delay(50);
isOver = true;
await Promise.all([looking, working]);

/** The first and the last fifth of the run: growth that matters shows between them. */
const fifth = Math.max(1, Math.floor(looks.length / 5));
const early = looks.slice(0, fifth);
const late = looks.slice(-fifth);
const compared = (measure: string, unit: string, of: (look: Look) => number, target: string): Row => {
  const [from, to] = [median(early.map(of)), median(late.map(of))];
  return {
    measure: `${measure}, last fifth`,
    value: round(to),
    unit,
    floor: round(from),
    ratio: round(to / from),
    target,
  };
};
const what = `${String(MINUTES)} minutes at ${String(RATE)}/s`;
const rows: Row[] = [
  compared('RSS of both instances', 'MB', ({ rssMb }) => rssMb, 'ratio <= 1.1'),
  compared('Redis keys', '', ({ redisKeys }) => redisKeys, 'ratio <= 1.1'),
  compared('Redis memory', 'MB', ({ redisMb }) => redisMb, 'ratio <= 1.1'),
  compared('tables that are rewritten', 'MB', ({ rewrittenMb }) => rewrittenMb, 'ratio <= 1.1'),
  {
    measure: 'dead rows in them at most',
    value: round(Math.max(...looks.map(({ deadShare }) => deadShare))),
    unit: 'of live',
  },
  ...latencyRows(`webhook → screen, ${what}`, tally.latenciesMs),
  {
    measure: `missed, ${what}`,
    value: watching.reduce((sum, { received }) => sum + RATE * seconds - received, 0),
    unit: '',
    target: '0',
  },
  ...(await cpu.rows(what)),
];
for (const socket of [...sockets, ...watching]) socket.cut();
await cluster.stop();
writeResults('soak', rows);
process.exit();
