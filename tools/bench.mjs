// `npm run bench [-- filter … --large]`: every e2e/bench/*.bench.ts with services of its own, one table at the end.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary } from './lib/paths.mjs';
import { endRunning, ended, run, spawnTied, stopChild } from './lib/processes.mjs';
import { UserError, bold, reportError, say, step } from './lib/report.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { startPostgres } from './services/postgres.mjs';
import { startRedis } from './services/redis.mjs';

const BENCHES = inRoot('e2e', 'bench');
const RESULTS = path.join(BENCHES, 'results');
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** What is to be ended when we are told to end. */
const open = new Set();

async function closeAll() {
  await endRunning();
  for (const close of [...open].reverse()) await close();
  open.clear();
}

/** Durable services, as in production: a figure without fsync would be a lie. */
async function provideServices(folder) {
  const postgres = await startPostgres({ dataDir: path.join(folder, 'postgres'), durable: true });
  open.add(() => postgres.stop());
  const redis = await startRedis({ dir: path.join(folder, 'redis'), durable: true });
  open.add(() => redis.stop());
  return { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
}

async function runBench(name, environment) {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-bench-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  open.add(removeFolder);
  const services = await provideServices(folder);
  await run(nodeBinary(), [inRoot('backend', 'dist', 'migrate.js')], {
    failure: 'Bringing the database up to date failed.',
    env: testEnvironment(services),
  });
  say(`\n${bold(name)}`);
  const child = spawnTied(nodeBinary(), [path.join(BENCHES, `${name}.bench.ts`), ...flags], {
    env: testEnvironment({ ...services, DATA_DIR: folder, ...environment }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  open.add(() => stopChild(child));
  const { code } = await ended(child);
  await closeAll();
  return code === 0;
}

/**
 * How long this machine takes for one and the same loop (milliseconds, the best of five): machines of one name differ by
 * half, and a figure says little without the other.
 */
function yardstickMs() {
  const once = () => {
    const startedAt = performance.now();
    let sum = 0;
    for (let n = 0; n < 20_000_000; n += 1) sum = (sum * 31 + n) | 0;
    return performance.now() - startedAt;
  };
  return Math.round(Math.min(...Array.from({ length: 5 }, once)));
}

/** Prints the rows that the benchmarks wrote: `{ rows: [{ measure, value, unit, floor?, ratio?, … }] }`. */
function printTable(names) {
  const rows = names.flatMap((name) => {
    const file = path.join(RESULTS, `${name}.json`);
    if (!existsSync(file)) return [];
    return JSON.parse(readFileSync(file, 'utf8')).rows.map((row) => ({ bench: name, ...row }));
  });
  say(
    `\n${bold(`Measured on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}, yardstick ${yardstickMs()} ms`)}`,
  );
  console.table(rows);
}

async function main() {
  await ensureInstalled();
  await ensureBuilt();
  const all = existsSync(BENCHES) ? readdirSync(BENCHES).filter((file) => file.endsWith('.bench.ts')) : [];
  const names = all
    .map((file) => file.replace(/\.bench\.ts$/, ''))
    .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
  if (names.length === 0) throw new UserError(`No benchmark matches ${filters.join(' ') || 'e2e/bench/*.bench.ts'}.`);
  mkdirSync(RESULTS, { recursive: true });
  const failed = [];
  for (const name of names) if (!(await runBench(name, { BENCH_RESULTS: RESULTS }))) failed.push(name);
  printTable(names);
  if (failed.length > 0) throw new UserError(`These benchmarks failed: ${failed.join(', ')}.`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void closeAll().then(() => process.exit(1)));

try {
  await main();
} catch (error) {
  reportError(error);
  process.exitCode = 1;
} finally {
  await step('Cleaned up', closeAll);
}
