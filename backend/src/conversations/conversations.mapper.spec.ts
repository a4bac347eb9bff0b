import { conversationSchema, messageSchema, shownContactName, shownPhone, timelineEntrySchema } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { newId } from '../common/ids.js';
import type { ConversationView, MessageView, SenderColumns } from './conversation-views.js';
import { toConversation, toMessage, toTimelineEntry } from './conversations.mapper.js';

const AT = new Date('2026-01-02T03:04:05.678Z');
const contact = { name: 'Maria', username: null, phone: '5511987654321', bsuid: null };

const sender = (over: Partial<SenderColumns> = {}): SenderColumns => ({
  type: 'contact',
  id: newId(),
  agentName: null,
  contactName: 'Maria',
  contactUsername: null,
  contactPhone: null,
  ...over,
});

const conversation = (over: Partial<ConversationView> = {}): ConversationView => ({
  id: newId(),
  version: 1,
  rev: 4,
  kind: 'direct',
  status: 'open',
  assigneeId: null,
  assigneeName: null,
  teamId: null,
  teamName: null,
  contactId: newId(),
  contactName: 'Maria',
  contactUsername: null,
  contactPhone: '5511987654321',
  contactBsuid: null,
  channelId: newId(),
  channelName: 'Shop',
  lastSeq: 3,
  inboundCount: 2,
  windowExpiresAt: null,
  waitingSince: AT,
  snoozedUntil: null,
  blockedAt: null,
  lastActivityAt: AT,
  tags: [],
  priority: null,
  createdAt: AT,
  last: null,
  lastCall: null,
  ...over,
});

const message = (over: Partial<MessageView> = {}): MessageView => ({
  id: newId(),
  conversationId: newId(),
  seq: 1,
  rev: 1,
  direction: 'inbound',
  sender: sender(),
  type: 'text',
  content: { text: { body: 'Hello' } },
  rawType: null,
  forwarded: false,
  origin: null,
  reactions: null,
  status: 'received',
  error: null,
  replyToId: null,
  replyToWamid: null,
  quote: null,
  file: null,
  adPicture: null,
  wamid: 'wamid.1',
  clientMessageId: null,
  eventAt: AT,
  eventSecond: 1,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  playedAt: null,
  failedAt: null,
  unknownAt: null,
  isResent: false,
  isMarketingStopped: null,
  editedAt: null,
  revokedAt: null,
  undoableUntil: null,
  campaign: null,
  ...over,
});

describe('the name of a contact', () => {
  it.each([
    [contact, 'Maria'],
    [{ ...contact, name: ' ' }, '+5511987654321'],
    [{ name: '', username: 'pixel', phone: '1', bsuid: 'US.1' }, 'pixel'],
    [{ name: ' ', username: ' ', phone: null, bsuid: 'US.1' }, 'US.1'],
    [{ name: null, username: null, phone: null, bsuid: null }, 'Unknown'],
  ])('%j is shown as %s', (columns, name) => {
    expect(shownContactName(columns)).toBe(name);
  });

  it('shows digits as a number', () => {
    expect(shownPhone('5511')).toBe('+5511');
    expect(shownPhone(null)).toBeNull();
  });
});

describe('a conversation on the wire', () => {
  it.each([
    [{ status: 'pending' as const }, 'bot'],
    [{ assigneeId: newId(), assigneeName: 'Ana' }, 'agent'],
    [{}, 'queue'],
    [{ status: 'resolved' as const }, 'queue'],
  ])('%j is handled by the %s', (over, handler) => {
    expect(toConversation(conversation(over)).handler).toBe(handler);
  });

  it('cuts a preview by characters, and only one that is too long', () => {
    const previewOf = (body: string) => {
      const bot = sender({ type: 'bot' });
      const last = { id: newId(), seq: 1, direction: 'inbound' as const, type: 'text' as const, body };
      return toConversation(
        conversation({
          last: { ...last, status: 'received', eventAt: AT.toISOString(), revokedAt: null, sender: bot },
        }),
      ).lastMessage?.preview;
    };
    expect(previewOf('😀'.repeat(240))).toBe('😀'.repeat(240));
    expect(previewOf('😀'.repeat(241))).toBe(`${'😀'.repeat(239)}…`);
    // A family is seven characters to a computer and one to everybody else.
    expect(previewOf(`${'x'.repeat(236)}👨‍👩‍👧‍👦 and more`)).toBe(`${'x'.repeat(236)}…`);
    expect(previewOf(`e${'\u0301'.repeat(300)}`)).toHaveLength(240);
  });

  it('satisfies the contract and says nothing of one agent unless asked', () => {
    const view = conversation({
      last: {
        id: newId(),
        seq: 3,
        direction: 'outbound',
        type: 'text',
        body: `line one\n${'x'.repeat(500)}`,
        status: 'sent',
        eventAt: '2026-01-02T03:04:05.678901+00:00',
        revokedAt: null,
        sender: sender({ type: 'agent', agentName: 'Ana' }),
      },
    });
    const shared = toConversation(view);
    expect(conversationSchema.parse(shared)).toEqual(shared);
    expect(shared).not.toHaveProperty('unreadCount');
    expect(shared.lastMessage?.preview).toHaveLength(240);
    expect(shared.lastMessage).toMatchObject({ createdAt: '2026-01-02T03:04:05.678Z', sender: { name: 'Ana' } });
    const read = { unreadCount: 2, readSeq: 1, readRewinds: 3 };
    expect(toConversation(view, read)).toMatchObject(read);
  });

  it('says of a last message that was deleted nothing else', () => {
    const deleted = { id: newId(), seq: 1, direction: 'inbound' as const, type: 'text' as const, body: '' };
    const at = AT.toISOString();
    const last = {
      ...deleted,
      status: 'received' as const,
      eventAt: at,
      revokedAt: at,
      sender: sender({ type: 'contact' }),
    };
    expect(toConversation(conversation({ last })).lastMessage).toMatchObject({ preview: '', revoked: true });
  });

  it('shows a group under its own id, and leaves it to the reader what a group without a name is called', () => {
    const group = conversation({ kind: 'group', contactId: null });
    expect(toConversation(group).contact).toEqual({ id: group.id, name: '', phone: null, username: null });
  });
});

describe('a message on the wire', () => {
  it('satisfies the contract with all its parts', () => {
    const quoted = newId();
    const wire = toMessage(
      message({
        direction: 'outbound',
        sender: sender({ type: 'bot', id: null }),
        status: 'unknown',
        unknownAt: AT,
        rawType: 'poll_creation',
        forwarded: true,
        reactions: [{ emoji: '👍', at: '2026-01-02T03:04:05.678901+00:00', sender: sender() }],
        replyToId: quoted,
        quote: { id: quoted, wamid: null, type: 'text', body: 'a\nb', sender: sender() },
        clientMessageId: newId(),
      }),
    );
    expect(messageSchema.parse(wire)).toEqual(wire);
    expect(wire).toMatchObject({
      sender: { type: 'bot', id: null, name: 'Bot' },
      resendableAt: '2026-01-02T03:06:05.678Z',
      replyTo: { messageId: quoted, preview: 'a b' },
      reactions: [{ emoji: '👍', sender: { name: 'Maria' } }],
    });
  });

  it('is quoted by wamid alone when the original is not here', () => {
    expect(toMessage(message({ replyToWamid: 'wamid.9' })).replyTo).toEqual({
      messageId: null,
      wamid: 'wamid.9',
      sender: null,
      type: null,
      preview: null,
    });
    expect(toMessage(message()).replyTo).toBeNull();
  });

  it('that its customer wanted none of can help once they want it again, unless that was done', () => {
    const error = { code: 131_050, title: 'Stopped', detail: null, retryable: false };
    const wire = (isMarketingStopped: boolean, isResent = false) =>
      toMessage(message({ status: 'failed', failedAt: AT, error, isMarketingStopped, isResent })).error;
    expect(wire(true)).toMatchObject({ retryable: false, reason: 'optedOut' });
    expect(wire(false)).toMatchObject({ retryable: true, reason: 'optedOut' });
    expect(wire(false, true)).toMatchObject({ retryable: false });
  });

  it('is resendable only while nobody knows', () => {
    expect(toMessage(message({ status: 'delivered', unknownAt: AT })).resendableAt).toBeNull();
  });
});

it('a timeline line satisfies the contract', () => {
  const line = toTimelineEntry({
    id: newId(),
    conversationId: newId(),
    afterSeq: 0,
    kind: 'snoozed',
    actor: sender({ type: 'system', id: null }),
    targetId: null,
    targetName: null,
    until: AT,
    call: null,
    rev: 1,
    createdAt: AT,
  });
  expect(timelineEntrySchema.parse(line)).toEqual(line);
  expect(line.actor.name).toBe('System');
});
