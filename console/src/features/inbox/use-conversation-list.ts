import type { Conversation, ConversationList, ErrorCode } from '@parley/contract';
import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { toErrorCode, type TransportCode } from '../../shared/api-error.js';
import type { InboxView, ListSort, LoadState } from './components/types.js';
import { useEntitiesStore } from './entities.store.js';
import { useStableOrder } from './use-stable-order.js';
import { compareKeys, sortAdmits, sortKey, viewRules, type SortKey } from './views.js';

interface ListSource {
  view: MaybeRefOrGetter<InboxView>;
  query: MaybeRefOrGetter<string>;
  sort: MaybeRefOrGetter<ListSort>;
  agentId: MaybeRefOrGetter<string>;
}

/**
 * One queue: pages from the server, membership and order from the conversations themselves, so that a push moves a row
 * in, out or up without asking again. A search is the exception: its members are what the server found.
 */
export function useConversationList({ view, query, sort, agentId }: ListSource) {
  const entities = useEntitiesStore();
  const state = shallowRef<LoadState>('loading');
  const errorCode = shallowRef<ErrorCode | TransportCode | null>(null);
  const loadingMore = shallowRef(false);
  const nextCursor = shallowRef<string | null>(null);
  /** The last row of the last page: what sorts behind it is not known yet. Null while all is known. */
  const floor = shallowRef<SortKey | null>(null);
  const found = shallowRef<ReadonlySet<string> | null>(null);
  let generation = 0;

  const live = computed<Conversation[]>(() => {
    if (state.value !== 'ready') return [];
    const order = toValue(sort);
    const bottom = floor.value;
    const nowMs = Date.now();
    const belongs = found.value
      ? ({ id }: Conversation) => found.value?.has(id) === true
      : (row: Conversation) => viewRules[toValue(view)].fits(row, toValue(agentId));
    return entities.conversations
      .filter((row) => belongs(row) && sortAdmits(row, order, nowMs))
      .map((row) => ({ row, key: sortKey(row, order) }))
      .filter(({ key }) => bottom === null || compareKeys(key, bottom, order) <= 0)
      .sort((a, b) => compareKeys(a.key, b.key, order))
      .map(({ row }) => row);
  });
  const stable = useStableOrder(
    live,
    (id) => entities.conversation(id),
    (row) => sortKey(row, toValue(sort)).time,
  );

  function takePage(page: ConversationList): void {
    page.items.forEach(entities.take);
    nextCursor.value = page.nextCursor;
    const last = page.items.at(-1);
    floor.value = page.nextCursor === null || !last ? null : sortKey(last, toValue(sort));
    if (found.value) found.value = new Set([...found.value, ...page.items.map(({ id }) => id)]);
  }

  async function fetchPage(cursor: string | null): Promise<void> {
    const asked = generation;
    const words = toValue(query).trim();
    const filter = words === '' ? viewRules[toValue(view)].query : { q: words };
    const request = () => entities.api.list({ ...filter, sort: toValue(sort), cursor: cursor ?? undefined });
    await entities.loadList<ConversationList>(request, (page) => {
      // Rows are right whoever asked; only the list that still asks takes them as its page.
      if (asked === generation) takePage(page);
      else page.items.forEach(entities.take);
    });
  }

  async function load(): Promise<void> {
    const asked = ++generation;
    state.value = 'loading';
    errorCode.value = null;
    found.value = toValue(query).trim() === '' ? null : new Set();
    nextCursor.value = null;
    floor.value = null;
    loadingMore.value = false;
    stable.restart();
    try {
      await fetchPage(null);
      if (asked === generation) state.value = 'ready';
    } catch (error) {
      if (asked !== generation) return;
      errorCode.value = toErrorCode(error);
      state.value = 'error';
    }
  }

  async function loadMore(): Promise<void> {
    const cursor = nextCursor.value;
    if (cursor === null || loadingMore.value) return;
    const asked = generation;
    loadingMore.value = true;
    try {
      await fetchPage(cursor);
    } catch (error) {
      if (asked === generation) errorCode.value = toErrorCode(error);
    } finally {
      if (asked === generation) loadingMore.value = false;
    }
  }

  watch([() => toValue(view), () => toValue(query).trim(), () => toValue(sort), () => entities.resets], load, {
    immediate: true,
  });

  return {
    rows: stable.rows,
    stagedCount: stable.stagedCount,
    hold: stable.hold,
    showStaged: stable.showStaged,
    state,
    errorCode,
    loadingMore,
    hasMore: computed(() => nextCursor.value !== null),
    loadMore,
    reload: load,
  };
}
