import { channelsChangeSchema, type ChannelsChange } from './channels/channel-standing.js';
import { cursorSchema, idSchema } from './common.js';
import type { durableEventTypes } from './constants.js';
import { conversationSchema, type Conversation } from './conversations.js';
import type { ErrorCode } from './errors.js';
import { draftModeSchema, draftSchema, type Draft, type DraftMode } from './drafts.js';
import { messageSchema, type Message } from './messages/messages.js';
import { mentionSchema, noteSchema, type Mention, type Note } from './notes.js';
import { templatesChangeSchema, type TemplatesChange } from './templates/templates.js';
import { notificationsUpdateSchema, type NotificationsUpdate } from './notifications.js';
import { timelineEntrySchema, type TimelineEntry } from './messages/timeline.js';
import { z } from './zod.js';

/**
 * A read cursor of the receiving agent: `unreadCount` = `inboundCount` of the conversation minus `readInboundCount`. One
 * with a greater `rewinds` (`readRewinds` of the conversation) is newer, else one with a greater `seq`.
 */
export const readUpdateSchema = z
  .object({
    conversationId: idSchema,
    seq: z.int().nonnegative(),
    readInboundCount: z.int().nonnegative(),
    rewinds: z.int().nonnegative(),
  })
  .meta({ id: 'ReadUpdate' });
export type ReadUpdate = z.infer<typeof readUpdateSchema>;

/** Durable events: each a row of the log, at least once, in log order. */
export interface DurablePayloads {
  'conversation:updated': Conversation;
  'message:created': Message;
  'message:updated': Message;
  'timeline:created': TimelineEntry;
  'conversation:hidden': { id: string };
  'conversation:merged': { from: string; into: string };
  'read:updated': ReadUpdate;
  'note:created': Note;
  'note:updated': Note;
  'mention:created': Mention;
  'draft:updated': Draft;
  'templates:changed': TemplatesChange;
  'channels:changed': ChannelsChange;
  'notifications:updated': NotificationsUpdate;
}
export type DurableEventType = (typeof durableEventTypes)[number];

/** Whether the client's cursor is current: where `after` is not the client's cursor, the client resumes. */
export interface SyncHead {
  after: string;
  cursor: string;
}

/** Somebody who is here. `idle`: every one of their tabs (with this thread) is hidden. */
export interface PresentAgent {
  id: string;
  name: string;
  idle?: boolean;
}

/** Who is signed in. Volatile: at most once, leased, gone about 40 s after the last heartbeat. */
export interface PresenceUpdate {
  online: PresentAgent[];
}
export interface TypingUpdate {
  conversationId: string;
  agents: { id: string; name: string }[];
}
export interface ViewersUpdate {
  conversationId: string;
  agents: PresentAgent[];
}

type DurableListeners = {
  [Type in DurableEventType]: (payload: DurablePayloads[Type], cursor: string) => void;
};

export interface ServerToClientEvents extends DurableListeners {
  'sync:head': (head: SyncHead) => void;
  'presence:updated': (update: PresenceUpdate) => void;
  'typing:updated': (update: TypingUpdate) => void;
  'viewers:updated': (update: ViewersUpdate) => void;
  /** Admins only, volatile: something about the set-up moved (Meta's door, a number), so `GET /api/setup` says more. */
  'setup:changed': (change: { reason: 'door' | 'delivery' | 'channels' }) => void;
  /** The session ended (signed out elsewhere, deactivated, role changed); the socket is closed right after. */
  'auth:revoked': (reason: { code: ErrorCode }) => void;
}

export type Ack<Extra extends object = object> = ({ ok: true } & Extra) | { ok: false; code: ErrorCode };

export interface ClientToServerEvents {
  'sync:resume': (
    request: { cursor: string | null },
    ack: (answer: Ack<{ cursor: string; reset: boolean }>) => void,
  ) => void;
  'conversation:open': (
    request: { id: string },
    ack: (answer: Ack<{ viewers: PresentAgent[]; typing: { id: string; name: string }[] }>) => void,
  ) => void;
  'conversation:close': (request: { id: string }, ack: (answer: Ack) => void) => void;
  /** While keys are pressed, every few seconds. `mode: 'note'` = in a note for the team: the customer is shown nothing. */
  typing: (request: { conversationId: string; on: boolean; mode?: DraftMode }, ack: (answer: Ack) => void) => void;
  /** Keeps this agent's presence and viewing leases; sent every 15 s. `active: false` = the tab is hidden. */
  heartbeat: (request: { active: boolean }, ack: (answer: Ack) => void) => void;
  'auth:refresh': (request: { token: string }, ack: (answer: Ack) => void) => void;
}

export const syncResumeSchema = z.strictObject({ cursor: cursorSchema.nullable() });
export const conversationRefSchema = z.strictObject({ id: idSchema });
export const typingSchema = z.strictObject({
  conversationId: idSchema,
  on: z.boolean(),
  mode: draftModeSchema.default('reply'),
});
export const heartbeatSchema = z.strictObject({ active: z.boolean() });
export const authRefreshSchema = z.strictObject({ token: z.string().min(1).max(4_096) });

export const eventsQuerySchema = z.object({
  since: cursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type EventsQuery = z.infer<typeof eventsQuerySchema>;

const event = <Type extends DurableEventType, Payload extends z.ZodType>(type: Type, payload: Payload) =>
  z.object({ type: z.literal(type), payload, cursor: cursorSchema });

export const eventPageSchema = z
  .object({
    events: z.array(
      z.discriminatedUnion('type', [
        event('conversation:updated', conversationSchema),
        event('message:created', messageSchema),
        event('message:updated', messageSchema),
        event('timeline:created', timelineEntrySchema),
        event('conversation:hidden', z.object({ id: idSchema })),
        event('conversation:merged', z.object({ from: idSchema, into: idSchema })),
        event('read:updated', readUpdateSchema),
        event('note:created', noteSchema),
        event('note:updated', noteSchema),
        event('mention:created', mentionSchema),
        event('draft:updated', draftSchema),
        event('templates:changed', templatesChangeSchema),
        event('channels:changed', channelsChangeSchema),
        event('notifications:updated', notificationsUpdateSchema),
      ]),
    ),
    cursor: cursorSchema,
    reset: z.boolean(),
  })
  .meta({ id: 'EventPage' });
export type EventPage = z.infer<typeof eventPageSchema>;
