import type { Conversation, ThreadMessage, TimelineEntry } from '../types.js';

/** Whole wire objects for tests, of which a test names only what it cares about. */
let made = 0;
const nextId = (): string => `00000000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`;
const someTime = '2026-11-18T12:00:00.000Z';

export function makeMessage(given: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    id: nextId(),
    conversationId: 'conversation',
    seq: 1,
    rev: 1,
    direction: 'inbound',
    sender: { type: 'contact', id: 'contact', name: 'Maria Lopez' },
    type: 'text',
    text: { body: 'Hello' },
    reactions: [],
    status: given.direction === 'outbound' ? 'sent' : 'received',
    error: null,
    replyTo: null,
    wamid: null,
    clientMessageId: null,
    createdAt: someTime,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    playedAt: null,
    resendableAt: null,
    ...given,
  };
}

export function makeTimelineEntry(given: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    id: nextId(),
    conversationId: 'conversation',
    afterSeq: 0,
    kind: 'claimed',
    actor: { type: 'agent', id: 'ana', name: 'Ana Silva' },
    target: null,
    until: null,
    createdAt: someTime,
    ...given,
  };
}

export function makeConversation(given: Partial<Conversation> = {}): Conversation {
  return {
    id: nextId(),
    version: 1,
    rev: 1,
    kind: 'direct',
    status: 'open',
    handler: 'queue',
    assignee: null,
    team: null,
    contact: { id: 'contact', name: 'Maria Lopez', phone: '+351912345678', username: null },
    channel: { id: 'channel', name: 'Main number' },
    unreadCount: 0,
    readSeq: 0,
    lastSeq: 1,
    inboundCount: 1,
    lastMessage: {
      id: 'message',
      seq: 1,
      direction: 'inbound',
      sender: { type: 'contact', id: 'contact', name: 'Maria Lopez' },
      type: 'text',
      preview: 'Hello',
      status: 'received',
      createdAt: someTime,
    },
    windowExpiresAt: '2026-11-19T12:00:00.000Z',
    waitingSince: null,
    snoozedUntil: null,
    lastActivityAt: someTime,
    tags: [],
    priority: null,
    createdAt: someTime,
    ...given,
  };
}
