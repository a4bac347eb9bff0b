import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAll, CpuByProcess, startCluster } from './support/cluster.ts';
import { latencyRows, median, nowMs, round, type Row, writeResults } from './support/results.ts';
import { newTally, postAtRate } from './support/traffic.ts';

/** From Meta's door to every screen over two instances: the rate that is held without growing lag, by sockets. */
const { values: options } = parseArgs({
  options: { large: { type: 'boolean' }, seconds: { type: 'string', default: '30' }, sockets: { type: 'string' } },
});
const HOLD_SECONDS = Number(options.seconds);
const PROBE_SECONDS = 6;
const HELD_LAG_MS = 1_000;
const DRAIN_MS = 20_000;
const RATES: Record<number, number[]> = {
  20: [100, 300, 700, 1_100, 1_400, 1_800, 2_200, 2_600],
  500: [10, 30, 60, 100, 130, 160, 200, 240],
};
const counts = options.sockets ? [Number(options.sockets)] : [20, 500];

const cluster = await startCluster(500);
let runs = 0;

interface Run {
  latenciesMs: number[];
  endLagMs: number;
  missed: number;
  doubled: number;
  generatorLagMs: number;
}

async function drive(sockets: number, rate: number, seconds: number): Promise<Run> {
  runs += 1;
  const count = rate * seconds;
  const tally = newTally(count);
  const live = await connectAll(cluster, sockets, tally);
  const { generatorLagMs } = await postAtRate(cluster.urls, { rate, count, label: `rate${String(runs)}`, tally });
  const until = nowMs() + DRAIN_MS;
  while (nowMs() < until && live.some(({ received }) => received < count)) await delay(20);
  const missed = live.reduce((sum, { received }) => sum + count - received, 0);
  for (const socket of live) socket.cut();
  const lastFifth = tally.latenciesMs.slice(-Math.ceil((count * sockets) / 5));
  return {
    latenciesMs: tally.latenciesMs,
    endLagMs: median(lastFifth),
    missed,
    doubled: tally.doubled,
    generatorLagMs,
  };
}

const isHeld = (run: Run): boolean => run.missed === 0 && run.endLagMs < HELD_LAG_MS;
const rows: Row[] = [];
for (const sockets of counts) {
  const rates = RATES[sockets] ?? [10, 20, 50, 100, 200, 400, 800];
  await drive(sockets, rates[0] ?? 10, 3); // warm-up
  let best = 0;
  for (const rate of rates) {
    const probe = await drive(sockets, rate, PROBE_SECONDS);
    console.log(
      `${String(sockets)} sockets, ${String(rate)}/s: ${isHeld(probe) ? 'held' : 'not held'}, ` +
        `end lag ${String(round(probe.endLagMs))} ms, missed ${String(probe.missed)}, ` +
        `generator lag p99 ${String(round(probe.generatorLagMs))} ms`,
    );
    if (!isHeld(probe)) break;
    best = rate;
  }
  const cpu = await CpuByProcess.begin(cluster);
  let held: Run | null = null;
  while (best > 0 && !held) {
    const run = await drive(sockets, best, HOLD_SECONDS);
    if (isHeld(run)) held = run;
    else best = Math.floor(best * 0.85);
  }
  const what = `${String(sockets)} sockets, two instances`;
  rows.push({ measure: `held for ${String(HOLD_SECONDS)} s, ${what}`, value: best, unit: 'messages/s' });
  if (!held) continue;
  rows.push(
    { measure: `pushes of messages, ${what}`, value: best * sockets, unit: '/s' },
    ...latencyRows(`webhook → ${what}`, held.latenciesMs),
    { measure: `missed, ${what}`, value: held.missed, unit: '', target: '0' },
    { measure: `doubled, ${what}`, value: held.doubled, unit: '', target: '0' },
    { measure: `generator lag p99, ${what}`, value: round(held.generatorLagMs), unit: 'ms' },
    ...(await cpu.rows(what)),
  );
}
await cluster.stop();
writeResults('rate', rows);
process.exit();
