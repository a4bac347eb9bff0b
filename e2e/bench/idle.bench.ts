import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectAll, CpuByProcess, startCluster } from './support/cluster.ts';
import { nowMs, round, type Row, writeResults } from './support/results.ts';

/** Ten thousand sockets on one instance that nobody writes to: what each of them keeps in memory. */
const { values: options } = parseArgs({
  options: {
    large: { type: 'boolean' },
    sockets: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
  },
});
const SOCKETS = Number(options.sockets);
const AGENTS = 1_000;
const WARM_UP = 500;
const KB = 1_024;

const cluster = await startCluster(AGENTS, 1);
const [instance] = cluster.instances;
if (!instance) throw new Error('no instance');
// Compiled code, pools and buffers are no socket's: they are there before it is counted.
for (const socket of await connectAll(cluster, WARM_UP, null)) socket.cut();
await delay(10_000);
const before = instance.rssBytes();
const startedAt = nowMs();
const sockets = await connectAll(cluster, SOCKETS, null);
const connectedMs = nowMs() - startedAt;
const atOnce = instance.rssBytes();
const cpu = await CpuByProcess.begin(cluster);
await delay(Number(options.seconds) * 1_000);
const after = instance.rssBytes();
const each = (bytes: number): number => round((bytes - before) / SOCKETS / KB);
const what = `${String(SOCKETS)} idle sockets on one instance`;
const rows: Row[] = [
  { measure: `${what}, each`, value: each(after), unit: 'kB', target: '< 50 kB' },
  { measure: `${what}, each right after they connected`, value: each(atOnce), unit: 'kB' },
  { measure: 'RSS without them', value: round(before / KB / KB), unit: 'MB' },
  { measure: 'RSS with them', value: round(after / KB / KB), unit: 'MB' },
  { measure: 'handshakes and resumes', value: Math.round(SOCKETS / (connectedMs / 1_000)), unit: '/s' },
  ...(await cpu.rows(what)),
];
for (const socket of sockets) socket.cut();
await cluster.stop();
writeResults('idle', rows);
process.exit();
