import type { ClientToServerEvents, ServerToClientEvents } from '@parley/contract';
import { io, type Socket } from 'socket.io-client';

export type ParleySocket = Socket<ServerToClientEvents, ClientToServerEvents>;

export const ACK_TIMEOUT_MS = 10_000;
/** A resume sends everything that was missed before it answers. */
export const RESUME_TIMEOUT_MS = 60_000;
const RECONNECT_MIN_MS = 1_000;
const RECONNECT_MAX_MS = 10_000;
/** Half of each pause is chance, so that a restarted server is not met by everybody at once. */
const RECONNECT_JITTER = 0.5;

/** The one connection of this tab: WebSocket only, with the newest token at every try, trying for ever. */
export const createSocket = (accessToken: () => string | null): ParleySocket =>
  io({
    transports: ['websocket'],
    autoConnect: false,
    auth: (give) => give({ token: accessToken() ?? '' }),
    reconnectionDelay: RECONNECT_MIN_MS,
    reconnectionDelayMax: RECONNECT_MAX_MS,
    randomizationFactor: RECONNECT_JITTER,
  });

/** A pause before connecting again by hand, for when the server itself ended the connection. */
export const reconnectDelayMs = (attempt: number, random: () => number = Math.random): number => {
  const base = Math.min(RECONNECT_MAX_MS, RECONNECT_MIN_MS * 2 ** attempt);
  return base * (1 - RECONNECT_JITTER + random() * RECONNECT_JITTER);
};
