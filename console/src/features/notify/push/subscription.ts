import type { AddPushDevice } from '@parley/contract';
import { i18n } from '../../../i18n/index.js';
import { TEXTS_CACHE, TEXTS_PATH, type PushTexts } from '../../../worker/push-words.js';

/** Whether this browser can take pushes here at all: a secure origin, a service worker that runs, a push service. */
export const canTakePushes = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && window.isSecureContext;

const bytesOf = (base64Url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64Url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

/** The worker's registration; null where there is none, as while developing. */
async function registration(): Promise<ServiceWorkerRegistration | null> {
  return (await navigator.serviceWorker.getRegistration()) ?? null;
}

function describe(subscription: PushSubscription): AddPushDevice {
  const { endpoint, expirationTime, keys } = subscription.toJSON();
  return {
    endpoint: endpoint ?? '',
    expirationTime: expirationTime ?? null,
    keys: { p256dh: keys?.['p256dh'] ?? '', auth: keys?.['auth'] ?? '' },
  };
}

/** What this browser subscribed with before; null when it takes no pushes. */
export async function currentSubscription(): Promise<AddPushDevice | null> {
  const found = await (await registration())?.pushManager.getSubscription();
  return found ? describe(found) : null;
}

/**
 * Subscribes with the installation's key; one that was made with another key is given up first.
 * @throws DOMException when the browser refuses or its push service cannot be reached
 */
export async function subscribe(publicKey: string): Promise<AddPushDevice> {
  const manager = (await navigator.serviceWorker.ready).pushManager;
  const before = await manager.getSubscription();
  const key = bytesOf(publicKey);
  const known = before?.options.applicationServerKey;
  const isSameKey = known != null && String(new Uint8Array(known)) === String(key);
  if (before && isSameKey) return describe(before);
  await before?.unsubscribe();
  return describe(await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}

export async function unsubscribe(): Promise<void> {
  await (await (await registration())?.pushManager.getSubscription())?.unsubscribe();
}

/** Leaves the worker what it says, in the language of the screen: it runs while no page does. */
export async function leaveTexts(): Promise<void> {
  const { t } = i18n.global;
  const blanks = { by: '{by}', n: '{n}' };
  const texts: Record<keyof PushTexts, string> = {
    assigned: t('notify.said.assignedBy', blanks),
    message: t('notify.said.message'),
    messages: t('notify.said.messages', blanks),
    mention: t('notify.said.mention', blanks),
    mentions: t('notify.said.mention', blanks),
    queue: t('notify.said.queue'),
    failed: t('notify.said.failed'),
    failures: t('notify.said.failures', blanks),
    window: t('notify.said.window'),
    test: t('notify.said.test'),
    group: t('inbox.group'),
    callsGiven: t('thread.permission.given'),
    callsForGood: t('thread.permission.permanent'),
    callsRefused: t('thread.permission.refused'),
  };
  const cache = await caches.open(TEXTS_CACHE);
  await cache.put(TEXTS_PATH, new Response(JSON.stringify(texts), { headers: { 'content-type': 'application/json' } }));
}
