import type { Router } from 'vue-router';
import { i18n } from '../../i18n/index.js';
import type { KeepLater } from '../../worker/keep-later.js';
import { useToastsStore } from '../../shared/toasts.store.js';
import { whenIdle } from '../../shared/when-idle.js';

const LOOK_AGAIN_MS = 30 * 60_000;

/**
 * Registers the service worker: the console starts without a connection, can be installed, and takes pushes. A new version
 * waits until the agent wants it. Returns what ends the looking for new ones.
 */
export function startWorker(router: Router): () => void {
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (!import.meta.env.PROD || !serviceWorker) return () => undefined;
  const toasts = useToastsStore();
  const leaving = new AbortController();
  const { signal } = leaving;
  let isWanted = false;
  let offered: ServiceWorker | null = null;

  /** Says once for each version that it waits. */
  function offer(waiting: ServiceWorker | null): void {
    // Without one before it is the first, and takes over by itself.
    if (!waiting || waiting === offered || !serviceWorker?.controller) return;
    offered = waiting;
    const { t } = i18n.global;
    toasts.show({
      title: t('app.updated'),
      action: { label: t('app.reload') },
      durationMs: Number.POSITIVE_INFINITY,
      act: () => {
        isWanted = true;
        waiting.postMessage('take-over');
      },
    });
  }

  /** So that no part of a thread is missing when the connection is; not where the agent saves data. */
  async function keepLater({ ready }: ServiceWorkerContainer): Promise<void> {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (connection?.saveData === true) return;
    const { active } = await ready;
    const message: KeepLater = { keepLater: document.documentElement.lang };
    whenIdle(() => active?.postMessage(message));
  }

  function follow(registration: ServiceWorkerRegistration): void {
    offer(registration.waiting);
    if (serviceWorker) void keepLater(serviceWorker);
    registration.addEventListener(
      'updatefound',
      () => {
        const { installing } = registration;
        installing?.addEventListener('statechange', () => installing.state === 'installed' && offer(installing));
      },
      { signal },
    );
    const look = (): void => void registration.update().catch(() => undefined); // without a connection: later
    const looking = setInterval(look, LOOK_AGAIN_MS);
    signal.addEventListener('abort', () => clearInterval(looking));
  }

  serviceWorker.addEventListener('controllerchange', () => isWanted && window.location.reload(), { signal });
  // A notification was pressed while this window was there to show what it is about.
  serviceWorker.addEventListener(
    'message',
    ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== 'object' || data === null || !('path' in data)) return;
      if (typeof data.path === 'string' && data.path.startsWith('/')) void router.push(data.path);
    },
    { signal },
  );
  serviceWorker
    .register('/sw.js')
    .then(follow)
    .catch(() => undefined); // a private window, or storage that is full: everything else goes on
  return () => leaving.abort();
}
