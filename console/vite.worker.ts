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

type Graph = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

/** Every module that may be asked for once a module is there, whether along with it or later. */
function reachable(root: string, graph: Graph): Set<string> {
  const seen = new Set([root]);
  for (const id of seen) {
    const info = graph.getModuleInfo(id);
    for (const next of [...(info?.importedIds ?? []), ...(info?.dynamicallyImportedIds ?? [])]) seen.add(next);
  }
  return seen;
}

/** Whose texts a chunk holds; '' = no language's. */
const languageOf = (chunk: Rolldown.OutputChunk): string =>
  /\/i18n\/locales\/([\w-]+)[./]/.exec(chunk.facadeModuleId ?? '')?.[1] ?? '';

/** What the day's work may ask for after the first screen, by language; it needs none of the other rooms. */
function laterParts(bundle: Rolldown.OutputBundle, first: ReadonlySet<string>, graph: Graph): Record<string, string[]> {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const inbox = chunks.flatMap(({ moduleIds }) => moduleIds).find((id) => id.endsWith('features/inbox/InboxView.vue'));
  if (inbox === undefined) throw new Error('vite.worker.ts: there is no InboxView.vue');
  const modules = reachable(inbox, graph);
  const later: Record<string, string[]> = {};
  const seen = new Set(first);
  for (const chunk of chunks) {
    if (chunk.facadeModuleId === null || !modules.has(chunk.facadeModuleId)) continue;
    const before = new Set(seen);
    closure(bundle, chunk.fileName, seen);
    (later[languageOf(chunk)] ??= []).push(...[...seen].filter((file) => !before.has(file)).map((file) => `/${file}`));
  }
  return later;
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
        define: {
          PRECACHE: JSON.stringify(precache),
          LATER: JSON.stringify(laterParts(bundle, files, this)),
          VERSION: JSON.stringify(version),
        },
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
