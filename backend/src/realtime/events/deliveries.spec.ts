import type { Conversation, Message } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../log/log-stream.repository.js';
import { fold, planDeliveries, unfolded, type Hydrated } from './deliveries.js';

let nextId = 0;
const row = (over: Partial<LogRow>): LogRow => ({
  xid: '7',
  id: (nextId += 1),
  type: 'conversation.updated',
  conversationId: 'c1',
  messageId: null,
  agentId: null,
  teamBefore: null,
  teamAfter: null,
  assigneeBefore: null,
  assigneeAfter: null,
  data: null,
  createdAt: new Date(0),
  ...over,
});
const everyone = { teamId: null, assigneeId: null };
const hydrated = (over: Partial<Hydrated> = {}): Hydrated => ({
  conversations: new Map([['c1', { id: 'c1' } as Conversation]]),
  messages: new Map([['m1', { id: 'm1' } as Message]]),
  timeline: new Map(),
  reads: new Map(),
  notes: new Map(),
  drafts: new Map(),
  unread: new Map(),
  places: new Map([['c1', everyone]]),
  ...over,
});

describe('folding a page', () => {
  it('keeps the last update of a conversation where it stands, and who lost sight on the way', () => {
    const [first, message, last] = [
      row({ teamBefore: 'sales', teamAfter: 'support' }),
      row({ type: 'message.created', messageId: 'm1' }),
      row({ teamBefore: 'support' }),
    ];
    expect(fold([first, message, last])).toEqual([
      { row: message, former: [] },
      {
        row: last,
        former: [
          { teamId: 'sales', assigneeId: null },
          { teamId: 'support', assigneeId: null },
          { teamId: 'support', assigneeId: null },
          everyone,
        ],
      },
    ]);
  });

  it('tells a new message once, and a known one as it is last', () => {
    const created = row({ type: 'message.created', messageId: 'm1' });
    const updates = [1, 2].map(() => row({ type: 'message.updated', messageId: 'm2' }));
    const later = row({ type: 'message.updated', messageId: 'm1' });
    const kept = fold([created, ...updates, later]).map((entry) => entry.row);
    expect(kept).toEqual([created, updates[1]]);
  });

  it('keeps what has no later version', () => {
    const rows = [
      row({ type: 'timeline.created', messageId: 't1' }),
      row({ type: 'timeline.created', messageId: 't2' }),
      row({ type: 'access.changed', agentId: 'a1' }),
      row({ type: 'access.changed', agentId: 'a1' }),
      row({ type: 'conversation.merged', data: { into: 'c2' } }),
    ];
    expect(fold(rows).map((entry) => entry.row)).toEqual(rows);
  });
});

describe('planning deliveries', () => {
  it('sends where the conversation stands now, and hides it where it stood', () => {
    const moved = row({ teamBefore: 'sales', teamAfter: null });
    const [delivery] = planDeliveries('e', unfolded([moved]), hydrated());
    expect(delivery).toMatchObject({
      to: 'viewers',
      event: { type: 'conversation:updated', payload: { id: 'c1' } },
      place: everyone,
      former: [{ teamId: 'sales', assigneeId: null }],
    });
  });

  it('hides what is gone altogether, and says nothing of its messages', () => {
    const gone = hydrated({ conversations: new Map(), messages: new Map(), places: new Map() });
    const rows = [row({}), row({ type: 'message.updated', messageId: 'm1' })];
    expect(planDeliveries('e', unfolded(rows), gone)).toMatchObject([{ event: null, place: null, former: [everyone] }]);
  });

  it('gives read cursors and changes of access to their agent alone', () => {
    const update = { conversationId: 'c1', seq: 4, readInboundCount: 2, rewinds: 1 };
    const rows = [
      row({ type: 'read.updated', agentId: 'a1' }),
      row({ type: 'access.changed', conversationId: null, agentId: 'a1', data: { teamId: 't1' } }),
      row({ type: 'access.changed', conversationId: null, agentId: 'a2' }),
    ];
    expect(planDeliveries('e', unfolded(rows), hydrated({ reads: new Map([['a1:c1', update]]) }))).toMatchObject([
      { to: 'agent', agentId: 'a1', event: { type: 'read:updated', payload: update } },
      { to: 'access', agentId: 'a1', teamId: 't1' },
      { to: 'access', agentId: 'a2', teamId: null },
    ]);
  });
});
