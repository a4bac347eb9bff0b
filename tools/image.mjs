// `npm run check:image`: the Dockerfile's steps from nothing, without Docker, then what came out as docker-compose.yml
// composes it: every service's own command line, on a read-only root, without root's rights. Root on Linux only.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDockerfile, wordsOf } from './image/dockerfile.mjs';
import { Stages } from './image/stages.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, nodeBinary } from './lib/paths.mjs';
import { ended, run, spawnTied, stopChild } from './lib/processes.mjs';
import { UserError, dim, reportError, say, step } from './lib/report.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { provideNginx } from './services/nginx.mjs';

const INSIDE = '--in-a-namespace-of-its-own';

/** Runs a script of ours in namespaces of its own and passes on how it ended. */
async function within(namespaces, script, ...args) {
  const words = [...namespaces, '--propagation', 'private', nodeBinary(), script, ...args];
  const child = spawnTied('unshare', words, { env: testEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void stopChild(child));
  return (await ended(child)).code ?? 1;
}

/** Layers lie in memory: they may not lie within the system that they are laid over. */
async function buildAndRun(folder) {
  await run('mount', ['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder], { failure: 'Nothing can be mounted here.' });
  const stages = parseDockerfile(readFileSync(inRoot('Dockerfile'), 'utf8'));
  const builder = new Stages({ folder, stages, program: nodeBinary(), say: (line) => say(dim(`  ${line}`)) });
  const images = {};
  for (const name of ['backend', 'edge']) {
    const stage = stages.find((one) => one.name === name);
    const { user = 'root' } = { user: stage.steps.findLast(({ word }) => word === 'USER')?.rest };
    const built = await step(`The image ${name}`, () => builder.build(name));
    images[name] = {
      ...built,
      user,
      command: [...(wordsOf(stage, 'ENTRYPOINT') ?? []), ...(wordsOf(stage, 'CMD') ?? [])],
      healthcheck: wordsOf(stage, 'HEALTHCHECK'),
    };
  }
  writeFileSync(path.join(folder, 'images.json'), JSON.stringify(images));
  return within(['--mount', '--net'], inRoot('tools', 'image', 'topology.mjs'), folder);
}

try {
  await ensureInstalled();
  if (process.argv[2] === INSIDE) process.exitCode = await buildAndRun(process.argv[3]);
  else {
    if (process.platform !== 'linux' || process.getuid() !== 0)
      throw new UserError(
        'This needs root on Linux: it mounts layers and makes networks. Docker itself is not needed.',
      );
    if ((await step('nginx', provideNginx)) === null)
      throw new UserError('This needs nginx, which stands in for its image.');
    const folder = mkdtempSync(path.join(tmpdir(), 'parley-image-'));
    chmodSync(folder, 0o755);
    try {
      process.exitCode = await within(['--mount'], inRoot('tools', 'image.mjs'), INSIDE, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
} catch (error) {
  reportError(error);
  process.exitCode = 1;
}
