// Builds what is stale, and only that: each part keeps, beside its output, the hash of the sources it was made from.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exclusively } from './lock.mjs';
import { inRoot, nodeBinary, toolEnvironment } from './paths.mjs';
import { run } from './processes.mjs';
import { step } from './report.mjs';

const COMMON = ['package-lock.json', 'tsconfig.base.json'];
const CONTRACT = [...COMMON, 'backend/contract/src', 'backend/contract/tsconfig.json', 'backend/contract/package.json'];

const PARTS = {
  contract: {
    sources: CONTRACT,
    output: 'backend/contract/dist',
    main: 'index.js',
    command: ['node_modules/typescript/bin/tsc', '-b', 'backend/contract'],
  },
  backend: {
    sources: [...CONTRACT, 'backend/src', 'backend/tsconfig.json', 'backend/tsconfig.build.json', 'nest-cli.json'],
    output: 'backend/dist',
    main: 'main.js',
    command: ['node_modules/@nestjs/cli/bin/nest.js', 'build'],
  },
  console: {
    sources: [
      ...CONTRACT,
      'console/src',
      'console/public',
      'console/index.html',
      'console/vite.config.ts',
      'console/vite.lean.ts',
      'console/vite.worker.ts',
      'console/tsconfig.json',
    ],
    output: 'console/dist',
    main: 'index.html',
    command: ['node_modules/vite/bin/vite.js', 'build', 'console', '--logLevel', 'warn'],
  },
};

/** The files below a path, tests aside, in one order on every machine. */
function filesBelow(relative) {
  const full = inRoot(relative);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [relative];
  return readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\.spec\.ts$/.test(entry.name))
    .map((entry) => path.relative(inRoot(), path.join(entry.parentPath, entry.name)))
    .sort();
}

function hashOf(part) {
  const hash = createHash('sha256');
  for (const file of PARTS[part].sources.flatMap(filesBelow))
    hash.update(`${file}\0`).update(readFileSync(inRoot(file)));
  // tsc -b leaves its output in place, so a build by hand shows only in its own record.
  if (part === 'contract' && existsSync(inRoot('backend/contract/dist/.tsbuildinfo')))
    hash.update(readFileSync(inRoot('backend/contract/dist/.tsbuildinfo')));
  return hash.digest('hex');
}

const stampOf = (part) => inRoot(PARTS[part].output, '.built-from');

function isStale(part) {
  const stamp = stampOf(part);
  if (!existsSync(stamp) || !existsSync(inRoot(PARTS[part].output, PARTS[part].main))) return true;
  return readFileSync(stamp, 'utf8') !== hashOf(part);
}

async function build(part) {
  const { command } = PARTS[part];
  rmSync(stampOf(part), { force: true });
  const hashBefore = part === 'contract' ? null : hashOf(part);
  await run(
    nodeBinary(),
    command.map((word) => (word.startsWith('node_modules/') ? inRoot(word) : word)),
    {
      failure: `Building the ${part} failed: correct what it says below.`,
      env: toolEnvironment({ NODE_ENV: 'production' }),
    },
  );
  writeFileSync(stampOf(part), hashBefore ?? hashOf(part));
}

/** Builds the stale parts; the contract first, then backend and console side by side. */
export async function ensureBuilt() {
  if (!Object.keys(PARTS).some(isStale)) return;
  await step('Built', async (remark) => {
    // Another start may have built meanwhile, so each part is looked at again.
    await exclusively('build', async () => {
      const built = [];
      const buildIfStale = async (part) => {
        if (!isStale(part)) return;
        await build(part);
        built.push(part);
      };
      await buildIfStale('contract');
      const results = await Promise.allSettled(['backend', 'console'].map(buildIfStale));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed) throw failed.reason;
      remark(built.sort().join(', ') || 'by another run');
    });
  });
}
