import type { Message } from '@parley/contract';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { message } from '../../../test/builders.js';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { useSessionStore } from '../auth/session.store.js';
import { useDraftsStore } from './drafts.store.js';
import { useOutboxStore } from './outbox.store.js';

interface Posted {
  url: string;
  body: { clientMessageId: string; text?: { body: string }; basedOn: number; replyTo?: string | null };
}

const accepted = (posted: Posted, seq: number): Message =>
  message({ conversationId: 'c', seq, direction: 'outbound', clientMessageId: posted.body.clientMessageId });
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const problem = (status: number, code: string, extra: object = {}) =>
  answer(status, { code, title: code, status, ...extra });

describe('outbox', () => {
  const posted: Posted[] = [];
  let respond: (posted: Posted) => Promise<Response>;

  beforeEach(async () => {
    setActivePinia(createPinia());
    localStorage.clear();
    sessionStorage.clear();
    vi.useFakeTimers();
    posted.length = 0;
    respond = (request) => Promise.resolve(answer(201, accepted(request, posted.length)));
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const request = { url, body: JSON.parse(init.body as string) as Posted['body'] };
      posted.push(request);
      return respond(request);
    });
    useSessionStore();
    useConnectionStore().set('live');
    return () => vi.useRealTimers();
  });

  const send = (body: string) => useOutboxStore().send('c', { body, quote: null, basedOn: 4 });
  const states = () => useOutboxStore().entries.map(({ state }) => state);
  const rest = () => vi.advanceTimersByTimeAsync(0);

  it('shows a reply at once and lets go of it when the server has it', async () => {
    send('hello');
    expect(states()).toEqual(['sending']);
    await rest();
    expect(states()).toEqual([]);
    expect(posted[0]).toMatchObject({
      url: '/api/conversations/c/messages',
      body: { text: { body: 'hello' }, basedOn: 4, replyTo: null },
    });
  });

  it('sends the next one only after the server has the one before', async () => {
    let release: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (release = resolve));
    respond = async (request) => {
      await first;
      return answer(201, accepted(request, posted.length));
    };
    send('one');
    send('two');
    await rest();
    expect(posted.map(({ body }) => body.text?.body)).toEqual(['one']);
    release();
    await rest();
    expect(posted.map(({ body }) => body.text?.body)).toEqual(['one', 'two']);
  });

  it('tries again with the same id when nobody knows whether it arrived', async () => {
    respond = () => Promise.reject(new TypeError('network'));
    send('hello');
    await rest();
    expect(states()).toEqual(['offline']);
    respond = (request) => Promise.resolve(answer(200, accepted(request, 1)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(states()).toEqual([]);
    expect(new Set(posted.map(({ body }) => body.clientMessageId)).size).toBe(1);
  });

  it('waits for the connection and then sends what waits, in order', async () => {
    const connection = useConnectionStore();
    respond = () => Promise.reject(new TypeError('network'));
    connection.set('offline');
    send('one');
    send('two');
    await rest();
    expect(states()).toEqual(['offline', 'offline']);
    posted.length = 0;
    respond = (request) => Promise.resolve(answer(201, accepted(request, posted.length)));
    connection.set('catching-up');
    await rest();
    expect(posted.map(({ body }) => body.text?.body)).toEqual(['one', 'two']);
    expect(states()).toEqual([]);
  });

  it('never shows as sent what the server refused, and goes on with the next', async () => {
    respond = (request) =>
      Promise.resolve(
        posted.length === 1 ? problem(422, 'message.reply_not_found') : answer(201, accepted(request, 1)),
      );
    send('one');
    send('two');
    await rest();
    expect(useOutboxStore().entries).toMatchObject([{ body: 'one', state: 'refused' }]);
    expect(posted).toHaveLength(2);
  });

  it('gives the words back when others wrote first, and sends them anyway under the same id', async () => {
    const outbox = useOutboxStore();
    const news = [message({ conversationId: 'c', seq: 5 }), message({ conversationId: 'c', seq: 6 })];
    respond = () => Promise.resolve(problem(409, 'conversation.changed', { messages: news }));
    send('hello');
    await rest();
    expect(states()).toEqual([]);
    expect(useDraftsStore().draftOf('c')).toBe('hello');
    const held = outbox.held.get('c');
    expect(held).toMatchObject({ newCount: 2, basedOn: 6 });
    respond = (request) => Promise.resolve(answer(201, accepted(request, 7)));
    outbox.send('c', { body: 'hello', quote: null, basedOn: 6, clientMessageId: held?.clientMessageId });
    await rest();
    expect(posted[1]?.body.clientMessageId).toBe(posted[0]?.body.clientMessageId);
    expect(outbox.held.size).toBe(0);
  });

  it('sends a failed message again as a new one', async () => {
    const failed = message({
      conversationId: 'c',
      seq: 3,
      direction: 'outbound',
      status: 'failed',
      clientMessageId: 'x',
    });
    useOutboxStore().sendAgain(failed, 9);
    await rest();
    expect(posted[0]?.url).toBe(`/api/conversations/c/messages/${failed.id}/resend`);
    expect(posted[0]?.body.clientMessageId).not.toBe('x');
  });

  it('takes up after a reload what had not gone out', async () => {
    respond = () => Promise.reject(new TypeError('network'));
    send('hello');
    await rest();
    const [{ body: first } = { body: null }] = posted;
    setActivePinia(createPinia());
    useConnectionStore().set('live');
    respond = (request) => Promise.resolve(answer(200, accepted(request, 1)));
    useOutboxStore().restore();
    await rest();
    expect(posted.at(-1)?.body).toEqual(first);
    expect(states()).toEqual([]);
    expect(sessionStorage.getItem('parley.outbox')).toBeNull();
  });

  it('keeps what was refused until it is discarded', async () => {
    respond = () => Promise.resolve(problem(422, 'window.closed'));
    send('late');
    await rest();
    const [entry] = useOutboxStore().entries;
    expect(entry?.state).toBe('refused');
    useOutboxStore().discard(entry?.clientMessageId ?? '');
    expect(states()).toEqual([]);
  });
});
