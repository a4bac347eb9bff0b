import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { signInAgents } from './support/api.ts';
import { startBackend } from './support/instance.ts';
import { RawClient } from './support/raw-client.ts';
import { latencyRows, median, nowMs, percentile, round, type Row, writeResults } from './support/results.ts';
import { Watcher, markOf } from './support/watcher.ts';
import { bodyOf, requestOf } from './support/webhooks.ts';

/** From Meta's door to the sockets of twenty agents: latency at 200 messages a second, then how far it goes. */
const AGENTS = 20;
const CUSTOMERS = 500;
const CONNECTIONS = 32;
const TICK_MS = 5;
const CALM_RATE = 200;
const CALM_SECONDS = 30;
const PROBE_SECONDS = 8;
const HOLD_SECONDS = 60;
/** A rate is held when, at its end, messages still arrive within this time and none is missing. */
const HELD_LAG_MS = 1_000;
const DRAIN_MS = 20_000;
const PROBE_RATES = [1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 5_000];

interface Run {
  latenciesMs: number[];
  /** Median latency of the last fifth: whether lag grew. */
  endLagMs: number;
  missed: number;
  doubled: number;
  generatorLagMs: number;
  achieved: number;
  backendCpu: number;
}

const backend = await startBackend();
const agents = await signInAgents(backend.url, AGENTS);
const cpuAtStart = process.cpuUsage();
let runs = 0;

/** Posts single-message deliveries at a fixed rate, whatever the answers do (open model), and watches every socket. */
async function drive(rate: number, seconds: number): Promise<Run> {
  runs += 1;
  const count = rate * seconds;
  const sentAtMs = new Float64Array(count);
  const requests = Array.from({ length: count }, (_, index) =>
    requestOf(
      bodyOf([
        {
          customer: index % CUSTOMERS,
          wamid: `wamid.screen${String(runs)}.${String(index)}`,
          text: `${markOf(index)} Do you still have the blue atlas in stock?`,
        },
      ]),
    ),
  );
  const watchers = await Promise.all(agents.map(({ token }) => Watcher.live(backend.url, token, sentAtMs)));
  const clients = Array.from({ length: CONNECTIONS }, () => new RawClient(backend.url));
  const idle = [...clients];
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const cpuBefore = backend.cpuSeconds();
  const startedAt = nowMs();
  let posted = 0;
  let answered = 0;
  while (posted < count) {
    const due = Math.min(count, Math.floor(((nowMs() - startedAt) / 1_000) * rate));
    for (; posted < due; posted += 1) {
      // The latency counts from when the message was due, waiting for a free connection included.
      sentAtMs[posted] = startedAt + (posted / rate) * 1_000;
      const client = idle.pop();
      if (!client) break;
      void client.send(requests[posted] ?? Buffer.alloc(0)).then((status) => {
        if (status !== 200) throw new Error(`a delivery was answered ${String(status)}`);
        answered += 1;
        idle.push(client);
      });
    }
    await delay(TICK_MS);
  }
  const postedFor = (nowMs() - startedAt) / 1_000;
  const drainUntil = nowMs() + DRAIN_MS;
  while (nowMs() < drainUntil && watchers.some(({ received }) => received < count)) await delay(20);
  lag.disable();
  const backendCpu = (backend.cpuSeconds() - cpuBefore) / ((nowMs() - startedAt) / 1_000);
  const result: Run = {
    latenciesMs: watchers.flatMap(({ latenciesMs }) => latenciesMs),
    endLagMs: median(watchers.flatMap(({ latenciesMs }) => latenciesMs.slice(-Math.ceil(count / 5)))),
    missed: watchers.reduce((sum, { received }) => sum + count - received, 0),
    doubled: watchers.reduce((sum, { doubled }) => sum + doubled, 0),
    generatorLagMs: lag.percentile(99) / 1e6,
    achieved: answered / postedFor,
    backendCpu,
  };
  for (const watcher of watchers) watcher.close();
  for (const client of clients) client.close();
  return result;
}

const isHeld = (run: Run): boolean => run.missed === 0 && run.endLagMs < HELD_LAG_MS;

await drive(CALM_RATE, 5); // warm-up
const calm = await drive(CALM_RATE, CALM_SECONDS);
const rows: Row[] = [
  ...latencyRows(`webhook → ${String(AGENTS)} sockets at ${String(CALM_RATE)}/s`, calm.latenciesMs, 'p99 < 250 ms'),
  { measure: `missed at ${String(CALM_RATE)}/s`, value: calm.missed, unit: '', target: '0' },
  { measure: `doubled at ${String(CALM_RATE)}/s`, value: calm.doubled, unit: '' },
  { measure: `generator lag p99 at ${String(CALM_RATE)}/s`, value: round(calm.generatorLagMs), unit: 'ms' },
  { measure: `backend CPU at ${String(CALM_RATE)}/s`, value: round(calm.backendCpu), unit: 'cores' },
];

let best = 0;
for (const rate of PROBE_RATES) {
  const probe = await drive(rate, PROBE_SECONDS);
  console.log(
    `${String(rate)}/s: ${isHeld(probe) ? 'held' : 'not held'}, end lag ${String(round(probe.endLagMs))} ms, ` +
      `missed ${String(probe.missed)}, posted ${String(Math.round(probe.achieved))}/s, ` +
      `backend ${String(round(probe.backendCpu))} cores, generator lag p99 ${String(round(probe.generatorLagMs))} ms`,
  );
  if (!isHeld(probe)) break;
  best = rate;
}
let held: Run | null = null;
while (best > 0 && !held) {
  const run = await drive(best, HOLD_SECONDS);
  if (isHeld(run)) held = run;
  else best -= 250;
}
rows.push({
  measure: `held for ${String(HOLD_SECONDS)} s, one message a delivery`,
  value: held ? best : 0,
  unit: 'messages/s',
  target: '>= 2000',
});
if (held) {
  rows.push(
    ...latencyRows(`webhook → sockets at ${String(best)}/s`, held.latenciesMs),
    { measure: `generator lag p99 at ${String(best)}/s`, value: round(held.generatorLagMs), unit: 'ms' },
    { measure: `backend CPU at ${String(best)}/s`, value: round(held.backendCpu), unit: 'cores' },
    { measure: `latest lag at ${String(best)}/s`, value: round(percentile(held.latenciesMs, 1)), unit: 'ms' },
  );
}
const own = process.cpuUsage(cpuAtStart);
rows.push({ measure: 'generator CPU in all', value: round((own.user + own.system) / 1e6), unit: 's' });
await backend.stop();
writeResults('screen', rows);
if (calm.missed > 0) process.exitCode = 1;
process.exit();
