import type { Conversation, Message, TimelineEntry } from '@parley/contract';

const EPOCH_MS = Date.UTC(2026, 0, 5, 9);

export const at = (second: number): string => new Date(EPOCH_MS + second * 1_000).toISOString();

/** A conversation of which the test says only what it cares about. */
export function conversation(over: Partial<Conversation> & { id: string }): Conversation {
  return {
    version: 1,
    rev: 1,
    kind: 'direct',
    status: 'open',
    handler: 'queue',
    assignee: null,
    team: null,
    contact: { id: `contact-${over.id}`, name: 'Maria', phone: '+34600111222', username: null },
    channel: { id: 'channel', name: 'Shop' },
    lastSeq: 0,
    inboundCount: 0,
    lastMessage: null,
    windowExpiresAt: null,
    waitingSince: null,
    snoozedUntil: null,
    lastActivityAt: at(0),
    tags: [],
    priority: null,
    createdAt: at(0),
    ...over,
  };
}

/** A message of which the test says only what it cares about. */
export function message(over: Partial<Message> & { conversationId: string; seq: number }): Message {
  return {
    id: `${over.conversationId}-${over.seq}`,
    rev: 1,
    direction: 'inbound',
    sender: { type: 'contact', id: null, name: 'Maria' },
    type: 'text',
    text: { body: `message ${over.seq}` },
    reactions: [],
    status: 'received',
    error: null,
    replyTo: null,
    wamid: null,
    clientMessageId: null,
    createdAt: at(over.seq),
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    playedAt: null,
    resendableAt: null,
    ...over,
  };
}

export function line(over: Partial<TimelineEntry> & { id: string; conversationId: string }): TimelineEntry {
  return {
    afterSeq: 0,
    kind: 'opened',
    actor: { type: 'system', id: null, name: 'Parley' },
    target: null,
    until: null,
    createdAt: at(0),
    ...over,
  };
}
