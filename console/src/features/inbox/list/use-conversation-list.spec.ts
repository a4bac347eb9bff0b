import type { Conversation } from '@parley/contract';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { at, conversation } from '../../../../test/builders.js';
import type { InboxView, ListSort } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';
import { useConversationList } from './use-conversation-list.js';

const read = { unreadCount: 0, readSeq: 0 };
const open = (id: string, second: number, over: Partial<Conversation> = {}) =>
  conversation({ id, lastActivityAt: at(second), ...read, ...over });

describe('conversation list', () => {
  const asked: URLSearchParams[] = [];
  let pages: (query: URLSearchParams) => { items: Conversation[]; nextCursor: string | null };

  beforeEach(() => {
    setActivePinia(createPinia());
    asked.length = 0;
    pages = () => ({ items: [], nextCursor: null });
    vi.stubGlobal('fetch', (url: string) => {
      const query = new URL(url, 'http://x').searchParams;
      asked.push(query);
      return Promise.resolve(new Response(JSON.stringify({ ...pages(query), syncCursor: 'c' })));
    });
  });

  async function setup() {
    const view = shallowRef<InboxView>('all');
    const query = shallowRef('');
    const typed = shallowRef('');
    const sort = shallowRef<ListSort>('activity');
    const team = shallowRef<string | null>(null);
    const list = effectScope().run(() => useConversationList({ view, query, typed, sort, agentId: 'me', team }));
    if (!list) throw new Error('no list');
    await vi.waitFor(() => expect(list.state.value).toBe('ready'));
    return { list, view, query, typed, sort, team, ids: () => list.rows.value.map(({ id }) => id) };
  }
  const push = (payload: Conversation) => useEntitiesStore().applyEvent({ type: 'conversation:updated', payload });

  it('takes a row in, moves it and lets it go by what is pushed, without asking again', async () => {
    pages = () => ({ items: [open('a', 3), open('b', 2)], nextCursor: null });
    const { ids } = await setup();
    push(open('new', 9));
    expect(ids()).toEqual(['new', 'a', 'b']);
    push(open('b', 12, { rev: 2 }));
    expect(ids()).toEqual(['b', 'new', 'a']);
    push(open('a', 3, { rev: 2, status: 'resolved' }));
    expect(ids()).toEqual(['b', 'new']);
    useEntitiesStore().applyEvent({ type: 'conversation:hidden', payload: { id: 'new' } });
    expect(ids()).toEqual(['b']);
    expect(asked.filter((query) => query.has('status'))).toHaveLength(1);
  });

  it('by priority: moves a row when its priority does, and keeps the newest first among equals', async () => {
    pages = () => ({ items: [open('a', 3, { priority: 'high' }), open('b', 2), open('c', 1)], nextCursor: null });
    const { list, sort, ids } = await setup();
    sort.value = 'priority';
    await nextTick();
    await vi.waitFor(() => expect([list.state.value, ids()]).toEqual(['ready', ['a', 'b', 'c']]));
    expect(asked.some((query) => query.get('sort') === 'priority')).toBe(true);
    push(open('b', 9, { rev: 2 }));
    expect(ids()).toEqual(['a', 'b', 'c']);
    push(open('c', 1, { rev: 2, priority: 'urgent' }));
    expect(ids()).toEqual(['c', 'a', 'b']);
    push(open('a', 3, { rev: 2, priority: null }));
    expect(ids()).toEqual(['c', 'b', 'a']);
  });

  it('shows nothing below the last loaded row before that page is loaded', async () => {
    pages = (query) =>
      query.get('cursor') === 'p2'
        ? { items: [open('c', 1)], nextCursor: null }
        : { items: [open('a', 3), open('b', 2)], nextCursor: 'p2' };
    const { list, ids } = await setup();
    push(open('old', 0));
    expect(ids()).toEqual(['a', 'b']);
    await list.loadMore();
    expect(ids()).toEqual(['a', 'b', 'c', 'old']);
    expect(list.hasMore.value).toBe(false);
  });

  it('narrows to a team, which a pushed row joins and leaves', async () => {
    const sales = { team: { id: 'sales', name: 'Sales' } };
    pages = (query) => ({
      items: query.get('team') === 'sales' ? [open('a', 3, sales)] : [open('a', 3, sales), open('b', 2)],
      nextCursor: null,
    });
    const { team, list, ids } = await setup();
    team.value = 'sales';
    await vi.waitFor(() => expect([list.state.value, ids()]).toEqual(['ready', ['a']]));
    push(open('b', 2, { ...sales, rev: 2 }));
    expect(ids()).toEqual(['a', 'b']);
    push(open('a', 3, { team: null, rev: 2 }));
    expect(ids()).toEqual(['b']);
    team.value = null;
    await nextTick();
    expect(ids()).toEqual(['a', 'b']);
  });

  it('has a queue at once that was loaded before', async () => {
    pages = () => ({ items: [open('a', 3)], nextCursor: null });
    const { list, view, ids } = await setup();
    view.value = 'unassigned';
    await vi.waitFor(() => expect(list.state.value).toBe('ready'));
    const before = asked.length;
    view.value = 'all';
    await nextTick();
    expect([list.state.value, ids(), asked.length]).toEqual(['ready', ['a'], before]);
  });

  it('keeps the rows on the screen until the hits of a search are here', async () => {
    pages = (query) => ({ items: query.has('q') ? [open('hit', 1)] : [open('a', 3)], nextCursor: null });
    const { list, query, typed, ids } = await setup();
    typed.value = query.value = 'maria';
    await nextTick();
    expect([list.state.value, ids()]).toEqual(['loading', ['a']]);
    await vi.waitFor(() => expect(ids()).toEqual(['hit']));
    typed.value = query.value = '';
    await nextTick();
    expect(ids()).toEqual(['a', 'hit']);
  });

  it('shows what is known of a search before the server is asked, and the server’s answer when it comes', async () => {
    const named = (id: string, name: string, second: number) =>
      open(id, second, { contact: { id, name, phone: null, username: null } });
    pages = (query) =>
      query.has('q')
        ? { items: [named('b', 'Benedikt', 2), named('far', 'Bernadette', 1)], nextCursor: null }
        : { items: [named('a', 'Ana', 3), named('b', 'Benedikt', 2)], nextCursor: null };
    const { typed, query, ids } = await setup();
    const before = asked.length;
    typed.value = 'be';
    await nextTick();
    expect([ids(), asked.length]).toEqual([['b'], before]);
    query.value = 'be';
    await vi.waitFor(() => expect(ids()).toEqual(['b', 'far']));
    // Taken back before the server was asked for it: the rows are those of what was asked.
    typed.value = 'bern';
    await nextTick();
    expect(ids()).toEqual(['far']);
    typed.value = 'be';
    await vi.waitFor(() => expect(ids()).toEqual(['b', 'far']));
    // Typed on: what comes for the words before is known from now on, and no longer what is looked for.
    typed.value = 'ben';
    await nextTick();
    expect(ids()).toEqual(['b']);
  });

  it('says what went wrong and loads again when asked', async () => {
    const { list, view } = await setup();
    pages = () => {
      throw new TypeError('network');
    };
    view.value = 'resolved';
    await vi.waitFor(() => expect([list.state.value, list.errorCode.value]).toEqual(['error', 'network']));
    pages = () => ({ items: [open('a', 1, { status: 'resolved' })], nextCursor: null });
    await list.retry();
    expect(list.rows.value.map(({ id }) => id)).toEqual(['a']);
  });
});
