// `npm run check`: format, lint, types, boundaries, dead code, build and its budgets. Every step runs, two at a time, and
// shows its output only when it fails.
import { checkBudgets } from './lib/budgets.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary, toolEnvironment } from './lib/paths.mjs';
import { endRunning, run } from './lib/processes.mjs';
import { dim, green, red, reportError, say, seconds } from './lib/report.mjs';

const SIDE_BY_SIDE = 2;

/** A step that is a program of the installed packages, by its path below node_modules. */
const program = (label, script, args, env = {}) => ({
  label,
  action: () =>
    run(nodeBinary(), [inRoot('node_modules', script), ...args], {
      failure: `${label} failed.`,
      env: toolEnvironment(env),
    }),
});

const cruise = (label, folders, env) =>
  program(
    label,
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.mjs', ...folders],
    env,
  );

const types = (label, project) => program(label, 'typescript/bin/tsc', ['-p', project, '--noEmit']);

/** What reads the contract's output comes after `Build`, the first step; the longest come first. */
const STEPS = [
  program('Lint', 'eslint/bin/eslint.js', ['.', '--max-warnings=0']),
  types('Types of the backend', 'backend'),
  types('Types of e2e', 'e2e'),
  program('Types of the console', 'vue-tsc/bin/vue-tsc.js', ['-p', 'console', '--noEmit']),
  program('Format', 'prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
  program('Dead code', 'knip/bin/knip.js', ['--no-progress']),
  cruise('Boundaries of backend and e2e', ['backend/src', 'backend/contract/src', 'e2e']),
  cruise('Boundaries of the console', ['console/src'], { PARLEY_CRUISE: 'console' }),
  { label: 'Bundle budgets', action: checkBudgets },
  {
    label: 'Lock file',
    action: () =>
      run('npm', ['ci', '--dry-run', '--loglevel=error'], { failure: '`npm ci` would refuse the lock file.' }),
  },
];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void endRunning().then(() => process.exit(1)));

const failures = [];

async function perform({ label, action }) {
  const startedAt = performance.now();
  try {
    const remark = await action();
    const detail = typeof remark === 'object' ? ` (${remark.remark})` : '';
    say(`${green('✓')} ${label}${detail}  ${dim(seconds(performance.now() - startedAt))}`);
  } catch (error) {
    failures.push(error);
    say(`${red('✗')} ${label}  ${dim(seconds(performance.now() - startedAt))}`);
  }
}

try {
  await ensureInstalled();
  await ensureBuilt();
} catch (error) {
  failures.push(error);
}
const waiting = [...STEPS];
await Promise.all(
  Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await perform(next);
  }),
);
for (const failure of failures) reportError(failure);
say(failures.length === 0 ? '\nEverything holds.' : `\n${failures.length} of the checks failed.`);
process.exit(failures.length === 0 ? 0 : 1);
