import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAll, startCluster } from './support/cluster.ts';
import { Getter } from './support/getter.ts';
import { RawSocket } from './support/raw-socket.ts';
import { latencyRows, nowMs, percentile, round, type Row, writeResults } from './support/results.ts';
import { newTally, postAtRate } from './support/traffic.ts';

/** A thousand sockets are cut at the same moment and all come back at once, while customers write and somebody works. */
const { values: options } = parseArgs({
  options: { large: { type: 'boolean' }, sockets: { type: 'string', default: '1000' } },
});
const SOCKETS = Number(options.sockets);
const RATE = 20;
const AWAY_MS = 3_000;
const STORMS = 3;
const PROBE_EVERY_MS = 20;

const cluster = await startCluster(SOCKETS);
const getter = new Getter(cluster.urls[0] ?? '');
const worker = cluster.agents[0]?.token ?? '';
const duringMs: number[] = [];
const beforeMs: number[] = [];
const backMs: number[] = [];
let failed = 0;

/** Looks at the queue again and again until it is told to stop, one look after the other. */
async function lookAtQueue(samples: number[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { ms, status } = await getter.get('/conversations?status=open&assignee=none&limit=50', worker);
    if (status !== 200) throw new Error(`the queue was answered ${String(status)}`);
    samples.push(ms);
    await delay(PROBE_EVERY_MS);
  }
}

for (let storm = 0; storm < STORMS; storm += 1) {
  let sockets = await connectAll(cluster, SOCKETS, null);
  let isStormy = true;
  const count = RATE * 60;
  const posting = postAtRate(cluster.urls, {
    rate: RATE,
    count: RATE * 12,
    label: `storm${String(storm)}`,
    tally: newTally(count),
  });
  let isCalm = true;
  const calm = lookAtQueue(beforeMs, () => !isCalm);
  await delay(3_000);
  isCalm = false;
  await calm;
  for (const socket of sockets) socket.cut();
  await delay(AWAY_MS);
  const looking = lookAtQueue(duringMs, () => !isStormy);
  const startedAt = nowMs();
  const back = await Promise.allSettled(
    sockets.map(async ({ cursor }, index) => {
      const url = cluster.urls[index % cluster.urls.length] ?? '';
      const socket = await RawSocket.live(url, cluster.agents[index]?.token ?? '', null, cursor);
      backMs.push(nowMs() - startedAt);
      return socket;
    }),
  );
  isStormy = false;
  await looking;
  failed += back.filter(({ status }) => status === 'rejected').length;
  sockets = back.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  await posting;
  for (const socket of sockets) socket.cut();
  await delay(1_000);
}
const what = `a storm of ${String(SOCKETS)} sockets`;
const rows: Row[] = [
  ...latencyRows('queue page before', beforeMs),
  ...latencyRows(`queue page during ${what}`, duringMs),
  {
    measure: `slowest queue page during ${what}`,
    value: round(percentile(duringMs, 1)),
    unit: 'ms',
    target: '< 500 ms',
  },
  { measure: 'queue pages during it', value: duringMs.length, unit: '' },
  ...latencyRows(`back and live after ${what}`, backMs),
  { measure: 'the last one back', value: round(percentile(backMs, 1)), unit: 'ms' },
  { measure: 'sockets that did not come back', value: failed, unit: '', target: '0' },
];
getter.close();
await cluster.stop();
writeResults('storm', rows);
process.exit();
