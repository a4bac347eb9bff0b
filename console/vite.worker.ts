import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the first screen begins: these, and all that comes along with them, are there without a connection. */
const STARTS = [
  'index.html',
  'features/shell/ShellView.vue',
  'features/inbox/InboxView.vue',
  'features/auth/SignInView.vue',
];

/** The chunks that come along with a chunk by static imports, and their styles. */
function closure(bundle: Rolldown.OutputBundle, name: string, seen: Set<string>): void {
  const chunk = bundle[name];
  if (seen.has(name) || chunk?.type !== 'chunk') return;
  seen.add(name);
  for (const style of chunk.viteMetadata?.importedCss ?? []) seen.add(style);
  for (const imported of chunk.imports) closure(bundle, imported, seen);
}

/**
 * Builds the service worker after the console, as one file without imports at an address that never changes, and tells it
 * what the first screen is made of. Small enough to be written by hand: the plug-ins for it bring a bundler of their own.
 */
export function serviceWorker(): Plugin {
  return {
    name: 'parley-service-worker',
    apply: 'build',
    async writeBundle({ dir }, bundle) {
      const files = new Set<string>();
      for (const [name, output] of Object.entries(bundle)) {
        const isStart =
          output.type === 'chunk' &&
          STARTS.some((start) => output.facadeModuleId?.split('?')[0]?.endsWith(start) ?? false);
        if (isStart) closure(bundle, name, files);
      }
      const precache = [...files].map((file) => `/${file}`).sort();
      const page = bundle['index.html'];
      const version = createHash('sha256')
        .update(JSON.stringify([Object.keys(bundle).sort(), page?.type === 'asset' ? page.source.toString() : '']))
        .digest('hex')
        .slice(0, 12);
      await build({
        configFile: false,
        logLevel: 'warn',
        publicDir: false,
        define: { PRECACHE: JSON.stringify(precache), VERSION: JSON.stringify(version) },
        build: {
          outDir: dir ?? here('./dist'),
          emptyOutDir: false,
          target: 'es2023',
          lib: {
            entry: here('./src/worker/service-worker.ts'),
            formats: ['iife'],
            name: 'parley',
            fileName: () => 'sw.js',
          },
        },
      });
    },
  };
}
