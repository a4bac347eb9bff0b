import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAll, CpuByProcess, startCluster } from './support/cluster.ts';
import { latencyRows, nowMs, percentile, round, type Row, writeResults } from './support/results.ts';
import { newTally, postAtRate } from './support/traffic.ts';

/** One event to a thousand agents: how long until the last of them has it. */
const { values: options } = parseArgs({
  options: { large: { type: 'boolean' }, agents: { type: 'string', default: '1000' } },
});
const AGENTS = Number(options.agents);
const EVENTS = 60;
const EVENTS_PER_SECOND = 2;
const DRAIN_MS = 10_000;

const cluster = await startCluster(AGENTS);
const warm = newTally(20);
const warmed = await connectAll(cluster, AGENTS, warm);
await postAtRate(cluster.urls, { rate: 5, count: 20, label: 'warm', tally: warm });
await delay(500);
for (const socket of warmed) socket.cut();

const tally = newTally(EVENTS);
const live = await connectAll(cluster, AGENTS, tally);
const cpu = await CpuByProcess.begin(cluster);
const { generatorLagMs } = await postAtRate(cluster.urls, {
  rate: EVENTS_PER_SECOND,
  count: EVENTS,
  label: 'fanout',
  tally,
});
const until = nowMs() + DRAIN_MS;
while (nowMs() < until && live.some(({ received }) => received < EVENTS)) await delay(20);
const what = `one event to ${String(AGENTS)} agents`;
const rows: Row[] = [
  ...latencyRows(what, tally.latenciesMs, 'p99 < 200 ms'),
  { measure: `${what}, the last`, value: round(percentile(tally.latenciesMs, 1)), unit: 'ms' },
  {
    measure: `${what}, missed`,
    value: live.reduce((sum, { received }) => sum + EVENTS - received, 0),
    unit: '',
    target: '0',
  },
  { measure: 'generator lag p99', value: round(generatorLagMs), unit: 'ms' },
  ...(await cpu.rows(what)),
];
for (const socket of live) socket.cut();
await cluster.stop();
writeResults('fanout', rows);
process.exit();
