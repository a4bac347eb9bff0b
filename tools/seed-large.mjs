// `npm run seed:large [-- --conversations 10000 --seed 7 --data .data-large --replace]`: a database as large as you like,
// for benchmarks and to look at; into DATABASE_URL, or into a data folder of its own.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary } from './lib/paths.mjs';
import { ended, run, spawnTied, stopChild } from './lib/processes.mjs';
import { UserError, reportError, say, step } from './lib/report.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { startPostgres } from './services/postgres.mjs';

const DEFAULT_FOLDER = '.data-large';
const SIZES = ['conversations', 'messages', 'agents', 'teams', 'channels', 'seed', 'until'];

let child = null;
let postgres = null;

async function stop() {
  if (child) await stopChild(child);
  await postgres?.stop();
}

/** The database that is filled: the one that the environment names, else one of our own in a folder. */
async function provideDatabase(folder) {
  if (process.env.DATABASE_URL && folder === undefined) return process.env.DATABASE_URL;
  const dataDir = path.resolve(folder ?? DEFAULT_FOLDER);
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
  postgres = await step('PostgreSQL', () => startPostgres({ dataDir: path.join(dataDir, 'postgres'), durable: true }));
  say(`  its data is in ${dataDir}; look at it with DATA_DIR=${dataDir} npm start, as a real installation`);
  return postgres.url;
}

async function main() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      replace: { type: 'boolean', default: false },
      ...Object.fromEntries(SIZES.map((name) => [name, { type: 'string' }])),
    },
  });
  await ensureInstalled();
  await ensureBuilt();
  const url = await provideDatabase(values.data);
  await step('Schema', () =>
    run(nodeBinary(), [inRoot('backend', 'dist', 'migrate.js')], {
      failure: 'Bringing the database up to date failed.',
      env: testEnvironment({ DATABASE_URL: url }),
    }),
  );
  const sizes = SIZES.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]]));
  const script = inRoot('e2e', 'growth', 'main.ts');
  child = spawnTied(nodeBinary(), [script, '--database', url, ...sizes, ...(values.replace ? ['--replace'] : [])], {
    env: testEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const { code } = await ended(child);
  if (code !== 0) throw new UserError('The database was not filled.');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void stop().then(() => process.exit(1)));

try {
  await main();
} catch (error) {
  reportError(error);
  process.exitCode = 1;
} finally {
  await postgres?.stop();
}
