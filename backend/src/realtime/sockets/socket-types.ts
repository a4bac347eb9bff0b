import type { ClientToServerEvents, Person, ServerToClientEvents } from '@parley/contract';
import type { Server, Socket } from 'socket.io';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';

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

/** All that one socket says about its agent; each message says it anew, so one that is lost does no harm. */
export interface SocketLease {
  socketId: string;
  agent: Person;
  /** Conversations that are open on the agent's screen. */
  viewing: string[];
  typing: string | null;
  /** The tab is hidden: what is open in it, nobody looks at. Missing from an instance of the version before. */
  idle?: boolean;
  /** How long this holds without a new message; 0 = the socket is gone. */
  leaseMs: number;
}

/** Between instances; volatile. */
export interface InterServerEvents {
  lease: (lease: SocketLease) => void;
}

export type RealtimeServer = Server<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;
export type RealtimeSocket = Socket<ClientToServerEvents, ServerToClientEvents, InterServerEvents, SocketData>;
