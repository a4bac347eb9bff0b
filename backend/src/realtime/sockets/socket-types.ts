import type { ClientToServerEvents, ServerToClientEvents } from '@parley/contract';
import type { Server, Socket } from 'socket.io';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import type { SocketLease } from '../presence/lease-board.js';

/** What the server knows about a connection. */
export interface SocketData {
  agent: AuthenticatedAgent;
  /** When the access token runs out. */
  expiresAt: Date;
  expiryTimer?: NodeJS.Timeout;
  /** Gets durable events: it has resumed and is in its rooms. */
  isLive: boolean;
  /** The resume under way; a later one takes its place. */
  resume?: symbol;
  /** `performance.now()` since when its buffer has been too full; null = it keeps up. */
  slowSinceMs: number | null;
}

/** Between instances; volatile. */
export interface InterServerEvents {
  lease: (lease: SocketLease) => void;
}

export type RealtimeServer = Server<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;
export type RealtimeSocket = Socket<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;
