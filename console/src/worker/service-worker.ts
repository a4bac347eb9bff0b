import type { PushPayload } from '@parley/contract';
import { isKeepLater } from './keep-later.js';
import { TEXTS_CACHE, TEXTS_PATH, titleOf, wordsOf, type PushTexts } from './push-words.js';
import type { WorkerScope } from './scope.js';
import { wayOf } from './ways.js';

/** Filled in by the build: what the first screen needs, and a name for exactly this build. */
declare const PRECACHE: readonly string[];
/** What may be asked for afterwards, by language; '' = in any. */
declare const LATER: Readonly<Record<string, readonly string[] | undefined>>;
declare const VERSION: string;

const worker = self as unknown as WorkerScope;
const SHELL_PREFIX = 'parley-shell-';
const SHELL = `${SHELL_PREFIX}${VERSION}`;
const PAGE = '/';

/** A new version waits until a page asks for it: nobody's work is interrupted. */
worker.addEventListener('install', (event) => {
  const fetchShell = async (): Promise<void> => {
    const cache = await caches.open(SHELL);
    await cache.addAll([PAGE, ...PRECACHE].map((path) => new Request(path, { cache: 'reload' })));
  };
  event.waitUntil(fetchShell());
});

worker.addEventListener('activate', (event) => {
  const takeOver = async (): Promise<void> => {
    const names = (await caches.keys()).filter((name) => name.startsWith(SHELL_PREFIX) && name !== SHELL);
    await Promise.all(names.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(takeOver());
});

worker.addEventListener('message', (event) => {
  const { data } = event;
  if (data === 'take-over') void worker.skipWaiting();
  else if (isKeepLater(data)) event.waitUntil(keepLater(data.keepLater));
});

const kept = async (request: Request | string): Promise<Response | undefined> =>
  (await caches.open(SHELL)).match(request);
async function keep(request: Request, answer: Response): Promise<void> {
  if (answer.ok && answer.type === 'basic') await (await caches.open(SHELL)).put(request, answer);
}

/** The page as the server has it; without a server, or one that is not there, as it was. */
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    return answer.status < 500 ? answer : ((await kept(PAGE)) ?? answer);
  } catch (error) {
    const before = await kept(PAGE);
    if (before) return before;
    throw error;
  }
}

/** The name of an asset carries the hash of its content: what is here is right. */
async function asset(request: Request): Promise<Response> {
  const before = await kept(request);
  if (before) return before;
  const answer = await fetch(request);
  await keep(request, answer.clone());
  return answer;
}

/**
 * Fetches what is not here yet, one after the other, so that nobody waits for it: who loses the connection has every part of
 * a thread then. What fails is tried at the next start.
 */
async function keepLater(language: string): Promise<void> {
  try {
    for (const path of [...(LATER[''] ?? []), ...(LATER[language] ?? [])]) {
      await asset(new Request(path, { priority: 'low' }));
    }
  } catch {
    // Without a connection nothing more comes now.
  }
}

async function file(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    await keep(request, answer.clone());
    return answer;
  } catch (error) {
    const before = await kept(request);
    if (before) return before;
    throw error;
  }
}

worker.addEventListener('fetch', (event) => {
  const way = wayOf(event.request, worker.location.origin);
  if (way === 'page') event.respondWith(page(event.request));
  else if (way === 'asset') event.respondWith(asset(event.request));
  else if (way === 'file') event.respondWith(file(event.request));
});

async function texts(): Promise<PushTexts> {
  const cache = await caches.open(TEXTS_CACHE);
  const answer = await cache.match(TEXTS_PATH);
  return answer ? ((await answer.json()) as PushTexts) : {};
}

/** Shows what came, unless the agent has the console in front of them: there it is told already. */
async function show(payload: PushPayload): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (payload.kind !== 'test' && windows.some(({ focused }) => focused)) return;
  const said = await texts();
  await worker.registration.showNotification(titleOf(payload, said), {
    body: wordsOf(payload, said),
    tag: payload.tag,
    renotify: true,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
    data: { path: payload.path },
  });
  await worker.navigator.setAppBadge?.().catch(() => undefined);
}

worker.addEventListener('push', (event) => {
  const payload = event.data?.json() as PushPayload | undefined;
  if (payload) event.waitUntil(show(payload));
});

/** To a window that is there, else to a new one. */
async function open(path: string): Promise<void> {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [here] = windows.filter(({ url }) => new URL(url).origin === worker.location.origin);
  if (!here) {
    await worker.clients.openWindow(path);
    return;
  }
  here.postMessage({ type: 'open', path });
  await here.focus();
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { path } = (event.notification.data ?? {}) as { path?: string };
  event.waitUntil(open(path?.startsWith('/') ? path : PAGE));
});
