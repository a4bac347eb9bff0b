import type {
  Conversation,
  Draft,
  DurableEventType,
  DurablePayloads,
  Message,
  Note,
  NotifyEvent,
  ReadUpdate,
  TimelineEntry,
} from '@parley/contract';
import { notifyEvents } from '@parley/contract';
import { encodeCursor } from '../../log/log-cursor.js';
import type { LogRow } from '../../log/log-stream.repository.js';
import { isSamePlace, type Place } from '../audience.js';

/** A durable event as the wire has it. */
export type DurableEvent = {
  [Type in DurableEventType]: { type: Type; payload: DurablePayloads[Type] };
}[DurableEventType];

/** What the rows of a page speak of, as it is now. What no longer exists is missing. */
export interface Hydrated {
  conversations: ReadonlyMap<string, Conversation>;
  messages: ReadonlyMap<string, Message>;
  timeline: ReadonlyMap<string, TimelineEntry>;
  reads: ReadonlyMap<string, ReadUpdate>;
  notes: ReadonlyMap<string, Note>;
  drafts: ReadonlyMap<string, Draft>;
  /** How many notifications an agent has not read. */
  unread: ReadonlyMap<string, number>;
  /** Read after all the rest, so that nobody gets what they may not see any more. */
  places: ReadonlyMap<string, Place>;
}

/** To whoever may see the conversation now; those who could before, and may not now, learn that it is hidden. */
export interface ConversationDelivery {
  to: 'viewers';
  cursor: string;
  conversationId: string;
  event: DurableEvent | null;
  place: Place | null;
  former: Place[];
}
/** To one agent alone. */
export interface AgentDelivery {
  to: 'agent';
  cursor: string;
  agentId: string;
  event: DurableEvent;
}
/** What one agent may see changed: of this team's conversations, or altogether. */
export interface AccessDelivery {
  to: 'access';
  cursor: string;
  agentId: string;
  teamId: string | null;
}
/** To whoever is signed in. */
export interface EveryoneDelivery {
  to: 'everyone';
  cursor: string;
  event: DurableEvent;
}
export type Delivery = ConversationDelivery | AgentDelivery | AccessDelivery | EveryoneDelivery;

export const readKey = (agentId: string, conversationId: string): string => `${agentId}:${conversationId}`;
export const draftKey = (agentId: string, conversationId: string, mode: unknown): string =>
  `${agentId}:${conversationId}:${String(mode)}`;

/**
 * Leaves out the rows that a later one of the same page makes superfluous (its `rev` is greater): of the updates of a
 * conversation or a message the last stays, where it stands. Who lost sight on the way is kept.
 */
export function fold(rows: readonly LogRow[]): { row: LogRow; former: Place[] }[] {
  const former = new Map<string, Place[]>();
  const last = new Map<string, LogRow>();
  for (const row of rows) {
    if (row.type === 'conversation.updated' && row.conversationId) {
      former.set(row.conversationId, [...(former.get(row.conversationId) ?? []), ...placesOf(row)]);
    }
    const key = foldKey(row);
    // A created message is told once, as it is now: updates in the same page add nothing.
    if (key && !last.get(key)?.type.endsWith('.created')) last.set(key, row);
  }
  return rows
    .filter((row) => {
      const key = foldKey(row);
      return key === null || last.get(key) === row;
    })
    .map((row) => ({
      row,
      former: row.type === 'conversation.updated' ? (former.get(row.conversationId ?? '') ?? []) : placesOf(row),
    }));
}

/** The rows as they are, each on its own. */
export const unfolded = (rows: readonly LogRow[]): { row: LogRow; former: Place[] }[] =>
  rows.map((row) => ({ row, former: placesOf(row) }));

/** What is to be told, in log order. */
export function planDeliveries(
  epoch: string,
  rows: readonly { row: LogRow; former: Place[] }[],
  hydrated: Hydrated,
): Delivery[] {
  return rows.flatMap(({ row, former }) =>
    planRow(encodeCursor({ epoch, xid: row.xid, id: row.id }), row, former, hydrated),
  );
}

function planRow(cursor: string, row: LogRow, former: Place[], hydrated: Hydrated): Delivery[] {
  const { agentId, conversationId } = row;
  if (row.type === 'access.changed') {
    const teamId = row.data?.['teamId'];
    return agentId ? [{ to: 'access', cursor, agentId, teamId: typeof teamId === 'string' ? teamId : null }] : [];
  }
  if (row.type === 'templates.changed') {
    const event: DurableEvent = { type: 'templates:changed', payload: { businessAccountId: accountOf(row) } };
    return [{ to: 'everyone', cursor, event }];
  }
  if (row.type === 'channels.changed') {
    const event: DurableEvent = { type: 'channels:changed', payload: { businessAccountId: accountOf(row) } };
    return [{ to: 'everyone', cursor, event }];
  }
  if (row.type === 'notifications.updated') {
    const unreadCount = hydrated.unread.get(agentId ?? '');
    if (!agentId || unreadCount === undefined) return [];
    const event = { type: 'notifications:updated' as const, payload: { unreadCount, kinds: kindsOf(row) } };
    return [{ to: 'agent', cursor, agentId, event }];
  }
  if (!conversationId) return [];
  const own = agentId ? ownEventOf(row, agentId, conversationId, hydrated) : null;
  if (agentId) return own ? [{ to: 'agent', cursor, agentId, event: own }] : [];
  const place = hydrated.places.get(conversationId) ?? null;
  const event = eventOf(row, conversationId, hydrated);
  const lost = former.filter((before) => !place || !isSamePlace(before, place));
  if (!event && lost.length === 0) return [];
  return [{ to: 'viewers', cursor, conversationId, event, place, former: lost }];
}

/** What is told to one agent alone. */
function ownEventOf(
  row: LogRow,
  agentId: string,
  conversationId: string,
  hydrated: Hydrated,
): AgentDelivery['event'] | null {
  switch (row.type) {
    case 'read.updated': {
      const payload = hydrated.reads.get(readKey(agentId, conversationId));
      return payload ? { type: 'read:updated', payload } : null;
    }
    case 'draft.updated': {
      const payload = hydrated.drafts.get(draftKey(agentId, conversationId, row.data?.['mode']));
      return payload ? { type: 'draft:updated', payload } : null;
    }
    case 'mention.created': {
      const note = hydrated.notes.get(row.messageId ?? '');
      // Deleted since, or no longer naming this agent: there is nothing to tell.
      if (!note?.mentions.some(({ id }) => id === agentId)) return null;
      const { id: noteId, author, createdAt } = note;
      return { type: 'mention:created', payload: { noteId, conversationId, author, createdAt } };
    }
    default:
      return null;
  }
}

function eventOf(row: LogRow, conversationId: string, hydrated: Hydrated): DurableEvent | null {
  switch (row.type) {
    case 'conversation.updated': {
      const payload = hydrated.conversations.get(conversationId);
      return payload ? { type: 'conversation:updated', payload } : null;
    }
    case 'conversation.merged': {
      const into = row.data?.['into'];
      return typeof into === 'string' ? { type: 'conversation:merged', payload: { from: conversationId, into } } : null;
    }
    case 'message.created':
    case 'message.updated': {
      const payload = hydrated.messages.get(row.messageId ?? '');
      return payload ? { type: row.type === 'message.created' ? 'message:created' : 'message:updated', payload } : null;
    }
    case 'timeline.created': {
      const payload = hydrated.timeline.get(row.messageId ?? '');
      return payload ? { type: 'timeline:created', payload } : null;
    }
    case 'note.created':
    case 'note.updated': {
      const payload = hydrated.notes.get(row.messageId ?? '');
      return payload ? { type: row.type === 'note.created' ? 'note:created' : 'note:updated', payload } : null;
    }
    default:
      return null;
  }
}

/** Of what kind the notifications are that came; a version to come may know more kinds. */
function kindsOf({ data }: LogRow): NotifyEvent[] {
  const kinds: unknown = data?.['kinds'];
  return Array.isArray(kinds) ? notifyEvents.filter((kind) => kinds.includes(kind)) : [];
}

/** Where the conversation stood before and after; only its own changes take it out of anybody's sight. */
function placesOf(row: LogRow): Place[] {
  if (row.type !== 'conversation.updated' && row.type !== 'conversation.merged') return [];
  const before = { teamId: row.teamBefore, assigneeId: row.assigneeBefore };
  const after = { teamId: row.teamAfter, assigneeId: row.assigneeAfter };
  return isSamePlace(before, after) ? [after] : [before, after];
}

function accountOf({ data }: LogRow): string {
  const id = data?.['businessAccountId'];
  return typeof id === 'string' ? id : '';
}

function foldKey(row: LogRow): string | null {
  switch (row.type) {
    case 'conversation.updated':
      return `c:${row.conversationId ?? ''}`;
    case 'message.created':
    case 'message.updated':
      return `m:${row.messageId ?? ''}`;
    case 'note.created':
    case 'note.updated':
      return `n:${row.messageId ?? ''}`;
    case 'draft.updated':
      return `d:${draftKey(row.agentId ?? '', row.conversationId ?? '', row.data?.['mode'])}`;
    case 'read.updated':
      return `r:${row.agentId ?? ''}:${row.conversationId ?? ''}`;
    case 'templates.changed':
      return `t:${accountOf(row)}`;
    case 'channels.changed':
      return `k:${accountOf(row)}`;
    default:
      return null;
  }
}
