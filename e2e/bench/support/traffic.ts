import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { RawClient } from './raw-client.ts';
import type { Tally } from './raw-socket.ts';
import { nowMs } from './results.ts';
import { markOf } from './watcher.ts';
import { bodyOf, requestOf } from './webhooks.ts';

const MAX_CONNECTIONS = 16;
/** Below this many a second a connection would idle until the server closes it. */
const PER_CONNECTION = 4;
const TICK_MS = 5;
const CUSTOMERS = 500;

export interface TrafficReport {
  postedPerSecond: number;
  /** p99 of the generator's own event loop: what it adds to a latency, it must own up to. */
  generatorLagMs: number;
}

/** A tally for `count` marked messages. */
export const newTally = (count: number): Tally => ({
  sentAtMs: new Float64Array(count),
  latenciesMs: [],
  doubled: 0,
});

/**
 * Posts single-message deliveries at a fixed rate, whatever the answers do (open model), in turn to every door. The
 * latency of a message counts from when it was due, waiting for a free connection included.
 */
export async function postAtRate(
  urls: readonly string[],
  { rate, count, label, tally }: { rate: number; count: number; label: string; tally: Tally },
): Promise<TrafficReport> {
  const requests = Array.from({ length: count }, (_, index) =>
    requestOf(
      bodyOf([
        {
          customer: index % CUSTOMERS,
          wamid: `wamid.${label}.${String(index)}`,
          text: `${markOf(index)} Do you still have the blue atlas in stock?`,
        },
      ]),
    ),
  );
  const connections = Math.max(1, Math.min(MAX_CONNECTIONS, Math.ceil(rate / PER_CONNECTION)));
  const clients = Array.from({ length: connections }, (_, index) => new RawClient(urls[index % urls.length] ?? ''));
  const idle = [...clients];
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const startedAt = nowMs();
  let posted = 0;
  let answered = 0;
  let refused = 0;
  while (posted < count) {
    const due = Math.min(count, Math.floor(((nowMs() - startedAt) / 1_000) * rate) + 1);
    for (; posted < due; posted += 1) {
      tally.sentAtMs[posted] = startedAt + (posted / rate) * 1_000;
      // The one that has rested longest, so that none is closed for idling.
      const client = idle.shift();
      if (!client) break;
      void client.send(requests[posted] ?? Buffer.alloc(0)).then((status) => {
        if (status === 200) answered += 1;
        else refused += 1;
        idle.push(client);
      });
    }
    await delay(TICK_MS);
  }
  while (answered + refused < count) await delay(TICK_MS);
  const postedPerSecond = answered / ((nowMs() - startedAt) / 1_000);
  lag.disable();
  for (const client of clients) client.close();
  if (refused > 0) throw new Error(`${String(refused)} deliveries were refused`);
  return { postedPerSecond, generatorLagMs: lag.percentile(99) / 1e6 };
}
