import type { Conversation } from '@parley/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { conversation, line, message } from '../../../test/builders.js';
import { type News, NewsReader } from './news.js';

const ME = { id: 'me', name: 'Ana' };
const CHEN = { type: 'agent', id: 'chen', name: 'Chen' } as const;

let known: Map<string, Conversation>;
let onServer: Conversation[];
let told: News[];
let reader: NewsReader;
const settled = () => new Promise((resolve) => setImmediate(resolve));
const events = () => told.map(({ event }) => event);

beforeEach(() => {
  known = new Map();
  onServer = [];
  told = [];
  reader = new NewsReader(
    () => ME.id,
    (id) => known.get(id),
    (id) => {
      const found = onServer.find((one) => one.id === id);
      if (!found) return Promise.reject(new Error('not found'));
      known.set(id, found);
      return Promise.resolve();
    },
    (news) => told.push(news),
  );
});

const push = (payload: Conversation): void => {
  known.set(payload.id, payload);
  reader.read({ type: 'conversation:updated', payload });
};

describe('what of the stream concerns an agent', () => {
  it('a customer in one of their threads, once however often it is said', async () => {
    known.set('mine', conversation({ id: 'mine', handler: 'agent', assignee: ME }));
    known.set('other', conversation({ id: 'other', handler: 'agent', assignee: CHEN }));
    for (const id of ['mine', 'mine', 'other']) {
      reader.read({ type: 'message:created', payload: message({ conversationId: id, seq: 1 }) });
    }
    const own = message({ conversationId: 'mine', seq: 2, direction: 'outbound' });
    reader.read({ type: 'message:created', payload: own });
    await settled();
    expect(told).toEqual([{ key: 'message mine-1', event: 'message', conversationId: 'mine', text: 'message 1' }]);
  });

  it('the customer’s answer about calls, for which Meta’s word says nothing', async () => {
    const callPermission = { isGiven: false, until: null };
    known.set('mine', conversation({ id: 'mine', handler: 'agent', assignee: ME }));
    const answer = message({ conversationId: 'mine', seq: 1, type: 'interactive', callPermission });
    reader.read({ type: 'message:created', payload: answer });
    await settled();
    expect(told).toMatchObject([{ event: 'message', callPermission }]);
  });

  it('a thread that no list has shown yet is asked for', async () => {
    onServer.push(conversation({ id: 'far', handler: 'agent', assignee: ME }));
    reader.read({ type: 'message:created', payload: message({ conversationId: 'far', seq: 1 }) });
    reader.read({ type: 'message:created', payload: message({ conversationId: 'gone', seq: 1 }) });
    await settled();
    expect(told.map(({ conversationId }) => conversationId)).toEqual(['far']);
  });

  it('what a colleague gave them, not what they took themselves', () => {
    const given = { kind: 'assigned', conversationId: 'a', target: ME } as const;
    reader.read({ type: 'timeline:created', payload: line({ id: '1', ...given, actor: CHEN }) });
    reader.read({ type: 'timeline:created', payload: line({ id: '2', ...given, actor: { type: 'agent', ...ME } }) });
    reader.read({ type: 'timeline:created', payload: line({ id: '3', ...given, actor: CHEN, target: CHEN }) });
    expect(told).toEqual([{ key: 'assigned 1', event: 'assigned', conversationId: 'a', by: 'Chen' }]);
  });

  it.each([
    ['the line first', true],
    ['the thread first', false],
  ])('a thread that comes into the queue: %s', (_, lineFirst) => {
    known.set('a', conversation({ id: 'a', status: 'pending', handler: 'bot' }));
    const bot = { type: 'bot', id: null, name: 'Bot' } as const;
    const said = line({ id: '1', kind: 'bot_handed_over', conversationId: 'a', actor: bot });
    const waits = conversation({ id: 'a', rev: 2 });
    if (lineFirst) reader.read({ type: 'timeline:created', payload: said });
    expect(told).toEqual([]);
    push(waits);
    if (!lineFirst) reader.read({ type: 'timeline:created', payload: said });
    push({ ...waits, rev: 3 });
    expect(events()).toEqual(['queue']);
  });

  it('not what the bot or a colleague has', () => {
    const actor = { type: 'contact', id: null, name: 'Maria' } as const;
    reader.read({ type: 'timeline:created', payload: line({ id: '1', kind: 'opened', conversationId: 'a', actor }) });
    push(conversation({ id: 'a', status: 'pending', handler: 'bot' }));
    push(conversation({ id: 'a', rev: 2, handler: 'agent', assignee: CHEN }));
    push(conversation({ id: 'a', rev: 3 }));
    expect(told).toEqual([]);
  });

  it('a reply of theirs that failed, and a note that names them', () => {
    const failed = { conversationId: 'a', direction: 'outbound', status: 'failed' } as const;
    for (const sender of [{ type: 'agent', ...ME } as const, CHEN]) {
      reader.read({
        type: 'message:updated',
        payload: message({ ...failed, seq: sender.id === 'me' ? 1 : 2, sender }),
      });
    }
    const mention = { noteId: 'n', conversationId: 'b', author: CHEN, createdAt: '2026-01-05T09:00:00.000Z' };
    reader.read({ type: 'mention:created', payload: mention });
    reader.read({ type: 'mention:created', payload: mention });
    expect(told.map(({ key }) => key)).toEqual(['failed a-1', 'mention n']);
  });
});
