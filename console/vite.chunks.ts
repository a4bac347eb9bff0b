import type { Rolldown } from 'vite';

type Graph = Rolldown.ChunkingContext;

/** What is opened with what; absolute paths of modules. */
interface Ways {
  main: string;
  /** Opened before anybody has signed in. */
  door: string;
  /** Opened before a thread stands on the screen. */
  desk: readonly string[];
}

/**
 * What is needed before a thread stands on the screen, in two files: `start`, which the door needs too, and `desk`. Left to
 * the bundler it would be cut along what the lazy parts share, into fifty files, and asking for them takes a slow machine a
 * second.
 */
export function chunkOf(ways: Ways): (id: string, graph: Graph) => string | null {
  let chunks: ReadonlyMap<string, string> | null = null;
  return (id, graph) => (chunks ??= chunksOf(ways, graph)).get(id) ?? null;
}

function chunksOf({ main, door, desk }: Ways, graph: Graph): Map<string, string> {
  const ofMain = closureOf([main], graph);
  const ofDoor = closureOf([door], graph);
  const ofDesk = closureOf(desk, graph);
  const chunks = new Map<string, string>();
  for (const id of ofDesk) chunks.set(id, ofDoor.has(id) ? 'start' : 'desk');
  for (const id of ofMain) chunks.set(id, 'start');
  chunks.delete(main);
  return chunks;
}

/** A library's index names all of it; what is used of it by whom only the bundler knows. */
const isOfLibrary = (id: string): boolean => id.includes('/node_modules/') || id.startsWith('\0');

/** The modules of ours that come along by static imports. */
function closureOf(roots: readonly string[], graph: Graph): Set<string> {
  // Has it moved? Without it the console would be cut into many files again, and nobody would notice.
  for (const root of roots) if (!graph.getModuleInfo(root)) throw new Error(`vite.chunks.ts: there is no ${root}`);
  const seen = new Set(roots);
  for (const id of seen)
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) if (!isOfLibrary(imported)) seen.add(imported);
  return seen;
}
