// `npm run dev`: the demo (or, with credentials, the real thing) with the backend and the console rebuilt as they change.
import { rmSync } from 'node:fs';
import { inRoot, nodeBinary, toolEnvironment } from './lib/paths.mjs';
import { ended, spawnTied, stopGroup } from './lib/processes.mjs';
import { bold, reportError, say, step } from './lib/report.mjs';
import { nextFreePort } from './services/ports.mjs';
import { startProgram } from './start/application.mjs';
import { simulatorProgram } from './start/main.mjs';
import { prepare } from './start/prepare.mjs';
import { Supervisor, stopWithStarter } from './start/supervisor.mjs';

const VITE_PORT = 5173;

/** A watcher whose output is ours; it is stopped with all that it started, which nest would leave behind. */
function startWatcher(script, args, env) {
  const child = spawnTied(nodeBinary(), [inRoot('node_modules', script), ...args], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return { ended: ended(child), stop: () => stopGroup(child) };
}

const supervisor = new Supervisor();
stopWithStarter(supervisor);
try {
  const { demo, env } = await prepare(supervisor);
  // Watchers build without stamps, so the next `npm start` must look again.
  for (const part of ['backend/contract', 'backend', 'console'])
    rmSync(inRoot(part, 'dist/.built-from'), { force: true });
  if (demo) {
    const { label, ...program } = simulatorProgram(demo);
    await step(label, () => supervisor.keep(label, () => startProgram({ name: label, ...program })));
  }
  const vitePort = await nextFreePort(VITE_PORT);
  const watchers = [
    ['Contract', 'typescript/bin/tsc', ['-b', 'backend/contract', '--watch', '--preserveWatchOutput'], env],
    ['Backend', '@nestjs/cli/bin/nest.js', ['start', '--watch', '--preserveWatchOutput'], env],
    [
      'Console',
      'vite/bin/vite.js',
      ['console', '--port', String(vitePort), '--strictPort', '--clearScreen', 'false'],
      toolEnvironment({ PARLEY_API_URL: `http://127.0.0.1:${env.PORT}` }),
    ],
  ];
  for (const [name, script, args, watcherEnv] of watchers)
    await supervisor.keep(name, () => Promise.resolve(startWatcher(script, args, watcherEnv)));
  say(`\n  Console with hot reload  ${bold(`http://localhost:${vitePort}`)}`);
  for (const { email, password, role } of demo?.secrets.signIns ?? []) say(`    ${email}  ${password}  ${role}`);
} catch (error) {
  if (!supervisor.isStopping) {
    reportError(error);
    await supervisor.stop(1);
  }
}
