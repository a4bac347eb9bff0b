// `npm start`: from a fresh checkout to a running Parley.
import { inRoot, toolEnvironment } from '../lib/paths.mjs';
import { identityOf } from '../lib/processes.mjs';
import { bold, dim, reportError, say, seconds, step } from '../lib/report.mjs';
import { startProgram } from './application.mjs';
import { simulatorEnvironment } from './demo.mjs';
import { markLive, version } from './mode.mjs';
import { prepare } from './prepare.mjs';
import { Supervisor, stopWithStarter } from './supervisor.mjs';

function announce({ startedAt, url, simulatorUrl, signIns, takenPort }) {
  say();
  say(
    `${bold(`Parley ${version()} is ready`)}${simulatorUrl ? ' (demo)' : ''} ${dim(`in ${seconds(performance.now() - startedAt)}`)}`,
  );
  if (takenPort) say(`Port ${takenPort} is used by another program, so this is on the next free one.`);
  say();
  say(`  Console            ${bold(url)}`);
  if (simulatorUrl) say(`  Customers’ phones  ${bold(simulatorUrl)}  write as a customer here`);
  say(`  API documentation  ${url}/api/docs`);
  if (signIns) {
    say('\n  Sign in as');
    for (const { email, role, password } of signIns) say(`    ${email.padEnd(18)} ${password.padEnd(16)} ${dim(role)}`);
  }
  say(`\n${dim('Ctrl-C ends everything; what was written stays.')}`);
}

/** Starts our programs as steps, keeps them running, and notes them for a start that finds us dead. */
function programKeeper(supervisor, lock) {
  const children = new Map();
  return ({ label, ...program }) =>
    step(label, () =>
      supervisor.keep(label, async () => {
        const started = await startProgram({ name: label, ...program });
        children.set(label, { pid: started.pid, identity: identityOf(started.pid) });
        lock.update({ children: [...children.values()] });
        return started;
      }),
    );
}

/** The simulated Cloud API of a demo. */
export const simulatorProgram = (demo) => ({
  label: 'WhatsApp simulator',
  script: inRoot('e2e', 'simulator', 'main.ts'),
  env: toolEnvironment(simulatorEnvironment(demo)),
  echo: false,
});

async function bringUp(supervisor, startedAt) {
  const { dataDir, lock, demo, takenPort, services, env } = await prepare(supervisor);
  const keep = programKeeper(supervisor, lock);
  const simulator = demo && (await keep(simulatorProgram(demo)));
  const backend = await keep({ label: 'Parley', script: inRoot('backend', 'dist', 'main.js'), env });
  if (!demo && !process.env.DATABASE_URL) markLive(dataDir);

  const url = process.env.PUBLIC_URL || `http://localhost:${new URL(backend.url).port || env.PORT}`;
  lock.update({ url });
  const facts = {
    url,
    simulatorUrl: simulator && `http://localhost:${new URL(simulator.url).port}`,
    signIns: demo?.secrets.signIns,
  };
  announce({ startedAt, takenPort, ...facts });
  process.send?.({ ready: true, ...facts, databaseUrl: services.DATABASE_URL, redisUrl: services.REDIS_URL });
}

/** Starts everything, keeps it running, and ends it all when told to. */
export async function start() {
  const supervisor = new Supervisor();
  stopWithStarter(supervisor);
  try {
    await bringUp(supervisor, performance.now());
  } catch (error) {
    if (supervisor.isStopping) return;
    reportError(error);
    await supervisor.stop(1);
  }
}
