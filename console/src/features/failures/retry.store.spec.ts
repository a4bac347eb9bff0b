import type { Failure, Message, ResendObstacle } from '@parley/contract';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { at, message } from '../../../test/builders.js';
import type { DurableEvent } from '../../realtime/sync-client.js';
import { useEntitiesStore } from '../inbox/entities.store.js';
import { useRetryStore } from './retry.store.js';

const GROUP = { state: 'failed', code: '131042' } as const;
const idOf = (n: number): string => `01a21bd1-171b-7049-96a2-${String(n).padStart(12, '0')}`;

const failure = (n: number, over: { conversationId?: string; obstacle?: ResendObstacle } = {}): Failure => ({
  conversationId: over.conversationId ?? `c${String(n)}`,
  message: {
    id: idOf(n),
    seq: 2,
    direction: 'outbound',
    sender: { type: 'agent', id: 'ana', name: 'Ana' },
    type: 'text',
    preview: 'Hello',
    status: 'failed',
    createdAt: at(n),
  },
  contact: { id: 'maria', name: 'Maria' },
  channel: { id: 'shop', name: 'Shop' },
  assignee: null,
  lastSeq: 7,
  at: at(n),
  detail: null,
  obstacle: over.obstacle ?? null,
  retryAt: null,
});

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  answer(status, { code, title: code, status }, headers);

describe('sending a group again', () => {
  const posted: { url: string; body: { clientMessageId: string; basedOn: number } }[] = [];
  let found: Failure[] = [];
  let respond: (messageId: string) => Response | Promise<Response>;
  let tell: (event: DurableEvent) => void = () => undefined;

  const taken = (messageId: string): Message =>
    message({ id: `new-${messageId}`, conversationId: 'c', seq: 8, direction: 'outbound', status: 'queued' });

  beforeEach(() => {
    setActivePinia(createPinia());
    vi.spyOn(useEntitiesStore(), 'onEvent').mockImplementation((listener) => (tell = listener));
    vi.useFakeTimers();
    posted.length = 0;
    respond = (messageId) => answer(201, taken(messageId));
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      // As the server lists them: the newest first.
      if (init.method === 'GET') return Promise.resolve(answer(200, { items: found, nextCursor: null }));
      posted.push({ url, body: JSON.parse(init.body as string) as (typeof posted)[0]['body'] });
      return Promise.resolve(respond(/messages\/([^/]+)\/resend/u.exec(url)?.[1] ?? ''));
    });
    return () => vi.useRealTimers();
  });

  const askedFor = () => posted.map(({ url }) => Number(/(\d{12})\/resend$/u.exec(url)?.[1]));
  const rest = () => vi.advanceTimersByTimeAsync(0);
  const become = (n: number, over: Partial<Message>) =>
    tell({ type: 'message:updated', payload: { ...taken(idOf(n)), rev: 9, ...over } });

  it('begins with the oldest, and leaves out what cannot go', async () => {
    found = [failure(3), failure(2, { obstacle: 'window' }), failure(1, { obstacle: 'later' }), failure(0)];
    const retry = useRetryStore();
    await retry.start(GROUP, null);
    expect(askedFor()).toEqual([0, 3]);
    expect(posted[0]?.body.basedOn).toBe(7);
    expect(retry.run).toMatchObject({ state: 'done', total: 2, done: 2, taken: 2, skipped: { window: 1, later: 1 } });
  });

  it('sends the second of a thread only once the server has the first', async () => {
    found = [failure(2, { conversationId: 'same' }), failure(1, { conversationId: 'same' })];
    let release: (response: Response) => void = () => undefined;
    respond = (messageId) =>
      posted.length === 1 ? new Promise((resolve) => (release = resolve)) : answer(201, taken(messageId));
    const done = useRetryStore().start(GROUP, null);
    await rest();
    expect(askedFor()).toEqual([1]);
    release(answer(201, taken(idOf(1))));
    await done;
    expect(askedFor()).toEqual([1, 2]);
  });

  it('repeats a request without an answer under the same id, after the pause that the server asks for', async () => {
    found = [failure(1)];
    respond = (messageId) => {
      if (posted.length === 1) return Promise.reject(new TypeError('network'));
      return posted.length === 2
        ? problem(429, 'rate.limited', { 'retry-after': '10' })
        : answer(200, taken(messageId));
    };
    const retry = useRetryStore();
    const done = retry.start(GROUP, null);
    await rest();
    expect(retry.run).toMatchObject({ isWaiting: true, done: 0 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(posted).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(posted).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    await done;
    expect(new Set(posted.map(({ body }) => body.clientMessageId)).size).toBe(1);
    expect(retry.run).toMatchObject({ state: 'done', taken: 1, failed: [], isWaiting: false });
  });

  it('goes on after what the server will not take, and says which it was', async () => {
    found = [failure(2), failure(1)];
    respond = (messageId) =>
      messageId === idOf(1) ? problem(409, 'message.not_retryable') : answer(201, taken(messageId));
    const retry = useRetryStore();
    await retry.start(GROUP, null);
    expect(retry.run).toMatchObject({ done: 2, taken: 1, failed: [{ error: { code: 'message.not_retryable' } }] });
    expect(retry.run?.failed[0]?.failure.message.id).toBe(idOf(1));
  });

  it('leaves out marketing that its customer turns out not to want, and sends the rest', async () => {
    found = [failure(3), failure(2), failure(1, { obstacle: 'marketing' })];
    respond = (messageId) =>
      messageId === idOf(2) ? problem(409, 'contact.marketing_stopped') : answer(201, taken(messageId));
    const retry = useRetryStore();
    await retry.start(GROUP, null);
    expect(askedFor()).toEqual([2, 3]);
    expect(retry.run).toMatchObject({ state: 'done', done: 2, taken: 1, failed: [], skipped: { marketing: 2 } });
  });

  it('stops between two, and what was taken stays counted', async () => {
    found = Array.from({ length: 9 }, (_, n) => failure(8 - n));
    const retry = useRetryStore();
    const waiting: ((response: Response) => void)[] = [];
    respond = () => new Promise((resolve) => waiting.push(resolve));
    const done = retry.start(GROUP, null);
    await rest();
    const underWay = posted.length;
    expect(underWay).toBeLessThan(9);
    retry.stop();
    for (const [n, release] of waiting.entries()) release(answer(201, taken(idOf(n))));
    await done;
    expect(posted).toHaveLength(underWay);
    expect(retry.run).toMatchObject({ state: 'stopped', taken: underWay });
  });

  it('tells what arrived and what failed once more, also when that is heard before the answer', async () => {
    found = [failure(3), failure(2), failure(1)];
    respond = (messageId) => {
      if (messageId === idOf(1)) become(1, { status: 'accepted' });
      return answer(201, taken(messageId));
    };
    const retry = useRetryStore();
    await retry.start(GROUP, null);
    expect(retry.run).toMatchObject({ taken: 3, arrived: 1, failed: [] });
    become(2, { status: 'sending' });
    become(2, {
      status: 'failed',
      error: { code: 131_042, title: '', detail: null, retryable: true, reason: 'payment' },
    });
    become(3, { status: 'delivered' });
    become(3, { status: 'read' });
    expect(retry.run).toMatchObject({ arrived: 2, failed: [{ reason: 'payment', error: null }] });
  });
});
