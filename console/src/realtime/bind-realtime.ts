import type { ClientToServerEvents } from '@parley/contract';
import { durableEventTypes, HEARTBEAT_SECONDS } from '@parley/contract/constants';
import { watch } from 'vue';
import { useSessionStore } from '../features/auth/session.store.js';
import { useConnectionStore } from './connection.store.js';
import { usePresenceStore } from './presence.store.js';
import { ACK_TIMEOUT_MS, createSocket, reconnectDelayMs, RESUME_TIMEOUT_MS } from './socket.js';
import type { DurableEvent, SyncClient, SyncTransport } from './sync-client.js';

/** A head is due every 10 s; without one for this long the stream is asked rather than trusted. */
const HEAD_OVERDUE_MS = 25_000;
const CHECK_MS = 5_000;
/** So often the server is asked whether it is there, while a screen hangs on a wall. */
const WATCH_MS = 1_000;

/** What the server acknowledges an event with: the socket's own types lose it behind `timeout`. */
type AnswerTo<Event extends keyof ClientToServerEvents> = Parameters<Parameters<ClientToServerEvents[Event]>[1]>[0];

export interface RealtimeHandle {
  /** Tells the server which thread this tab looks at; null = none. Kept through reconnects. */
  look(conversationId: string | null): void;
  type(conversationId: string, on: boolean): void;
  /** The connection gives no answers: end it and connect again after a pause. */
  reconnect(): void;
  stop(): void;
}

/**
 * The whole wire on one screen: which message of the server goes where, and what is said on connecting. `findPlace` loads
 * something small with a `syncCursor`: a room without a list has nothing to follow the stream from.
 */
export function bindRealtime(sync: SyncClient, findPlace: () => Promise<unknown>): RealtimeHandle {
  const session = useSessionStore();
  const connection = useConnectionStore();
  const presence = usePresenceStore();
  const socket = createSocket(() => session.accessToken);
  let lookingAt: string | null = null;
  let lastHeadAt = 0;
  let attempt = 0;
  let connecting: ReturnType<typeof setTimeout> | undefined;

  const transport = (): SyncTransport => ({
    async resume(cursor) {
      const answer = (await socket
        .timeout(RESUME_TIMEOUT_MS)
        .emitWithAck('sync:resume', { cursor })) as AnswerTo<'sync:resume'>;
      if (!answer.ok) throw new Error(answer.code);
      return answer;
    },
  });

  function connectLater(): void {
    clearTimeout(connecting);
    connecting = setTimeout(() => socket.connect(), reconnectDelayMs(attempt++));
  }

  async function renewThenConnect(): Promise<void> {
    try {
      const token = await session.renew(session.accessToken);
      if (token !== null) connectLater();
    } catch {
      connectLater();
    }
  }

  async function announceLook(): Promise<void> {
    if (lookingAt === null || !socket.connected) return;
    const id = lookingAt;
    const answer = (await socket
      .timeout(ACK_TIMEOUT_MS)
      .emitWithAck('conversation:open', { id })) as AnswerTo<'conversation:open'>;
    if (!answer.ok || id !== lookingAt) return;
    presence.applyViewers({ conversationId: id, agents: answer.viewers });
    presence.applyTyping({ conversationId: id, agents: answer.typing });
  }

  const beat = (): void => {
    if (socket.connected) socket.emit('heartbeat', { active: !document.hidden }, connection.hear);
  };

  for (const type of durableEventTypes) {
    socket.on(type, (payload: unknown) => {
      connection.countMissed();
      sync.receive({ type, payload } as DurableEvent);
    });
  }
  // Who shows templates listens, here and in the settings.
  socket.on('templates:changed', () => window.dispatchEvent(new Event('parley:templates')));
  socket.on('channels:changed', () => window.dispatchEvent(new Event('parley:channels')));
  socket.on('sync:head', (head) => {
    lastHeadAt = Date.now();
    connection.hear();
    sync.head(head);
  });
  socket.on('presence:updated', presence.applyOnline);
  socket.on('typing:updated', presence.applyTyping);
  socket.on('viewers:updated', presence.applyViewers);
  // Who looks at the set-up listens; everybody else has no use for it.
  socket.on('setup:changed', () => window.dispatchEvent(new Event('parley:setup')));
  socket.on('connect', () => {
    attempt = 0;
    lastHeadAt = Date.now();
    sync.connected(transport());
    if (!sync.hasPlace) findPlace().catch(() => undefined); // the next connection tries again
    beat();
    announceLook().catch(() => undefined);
  });
  socket.on('disconnect', () => {
    // Also after `auth:revoked`: the session's next renewal says whether it is over.
    presence.clear();
    sync.disconnected();
    if (!socket.active && session.isSignedIn) void renewThenConnect();
  });
  socket.on('connect_error', () => {
    connection.set('offline');
    // Refused by the server itself: most likely the token, and nobody else will try again.
    if (!socket.active && session.isSignedIn) void renewThenConnect();
  });

  const stopWatchingToken = watch(
    () => session.accessToken,
    (token) => {
      if (token !== null && socket.connected) socket.emit('auth:refresh', { token }, () => undefined);
    },
  );
  let watching: ReturnType<typeof setInterval> | undefined;
  const stopWatching = watch(
    () => connection.isWatched,
    (isWatched) => {
      clearInterval(watching);
      if (!isWatched) return;
      beat();
      watching = setInterval(beat, WATCH_MS);
    },
    { immediate: true },
  );
  const beating = setInterval(beat, HEARTBEAT_SECONDS * 1_000);
  const checking = setInterval(() => {
    if (connection.state === 'live' && Date.now() - lastHeadAt > HEAD_OVERDUE_MS) sync.resume();
  }, CHECK_MS);
  document.addEventListener('visibilitychange', beat);
  // The browser knows of a lost network long before a ping runs out, and of its return before the next try.
  const goOffline = (): void => void socket.io.engine?.close();
  const goOnline = (): void => void (!socket.connected && socket.disconnect().connect());
  window.addEventListener('offline', goOffline);
  window.addEventListener('online', goOnline);
  socket.connect();

  return {
    look(conversationId) {
      if (conversationId === lookingAt) return;
      if (lookingAt !== null && socket.connected) socket.emit('conversation:close', { id: lookingAt }, () => undefined);
      lookingAt = conversationId;
      announceLook().catch(() => undefined);
    },
    type(conversationId, on) {
      if (socket.connected) socket.volatile.emit('typing', { conversationId, on }, () => undefined);
    },
    reconnect() {
      socket.disconnect();
      connectLater();
    },
    stop() {
      stopWatchingToken();
      stopWatching();
      clearInterval(watching);
      clearInterval(beating);
      clearInterval(checking);
      clearTimeout(connecting);
      document.removeEventListener('visibilitychange', beat);
      window.removeEventListener('offline', goOffline);
      window.removeEventListener('online', goOnline);
      socket.removeAllListeners();
      socket.disconnect();
      sync.disconnected();
      presence.clear();
    },
  };
}
