import {
  authRefreshSchema,
  conversationRefSchema,
  heartbeatSchema,
  syncResumeSchema,
  typingSchema,
  type ClientToServerEvents,
  type ErrorCode,
  type z,
} from '@parley/contract';
import type { Permission } from '../common/access/permissions.js';
import type { RealtimeSocket } from './sockets/socket-types.js';

/** Every message that a client may send: how it is parsed and what it needs. */
export const socketEvents = {
  'sync:resume': { schema: syncResumeSchema, permission: 'conversations.read' },
  'conversation:open': { schema: conversationRefSchema, permission: 'conversations.read' },
  'conversation:close': { schema: conversationRefSchema, permission: 'conversations.read' },
  typing: { schema: typingSchema, permission: 'conversations.act' },
  heartbeat: { schema: heartbeatSchema, permission: 'session.own' },
  'auth:refresh': { schema: authRefreshSchema, permission: 'session.own' },
} as const satisfies Record<keyof ClientToServerEvents, { schema: z.ZodType; permission: Permission }>;

export type SocketEventName = keyof typeof socketEvents;

/** What a client is acknowledged. */
export type Answer = (answer: { ok: true } | { ok: false; code: ErrorCode }) => void;

/** The acknowledgement of `Name` when it went well. */
export type Success<Name extends SocketEventName> = (
  answer: Extract<Parameters<Parameters<ClientToServerEvents[Name]>[1]>[0], { ok: true }>,
) => void;

/** A message's way from its raw form to what it does; null when it is malformed. */
export interface SocketRoute {
  prepare(input: unknown): ((socket: RealtimeSocket, answer: Answer) => Promise<void> | void) | null;
}

/** Parses by `schema`, then does what a well-formed message asks for; `handle` answers in the tick of its choice. */
export function route<Schema extends z.ZodType, Success extends { ok: true }>(
  { schema }: { schema: Schema },
  handle: (
    socket: RealtimeSocket,
    payload: z.output<Schema>,
    answer: (answer: Success) => void,
  ) => Promise<void> | void,
): SocketRoute {
  return {
    prepare(input) {
      const parsed = schema.safeParse(input);
      return parsed.success ? (socket, answer) => handle(socket, parsed.data, answer) : null;
    },
  };
}
