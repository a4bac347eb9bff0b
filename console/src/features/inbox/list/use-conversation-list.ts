import type { Conversation, ConversationList, ErrorCode } from '@parley/contract';
import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { toErrorCode, type TransportCode } from '../../../shared/api-error.js';
import type { InboxView, ListSort, LoadState } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';
import { compareKeys, sortAdmits, sortKey, viewRules, type SortKey } from '../views.js';
import { knownHits } from './known-hits.js';
import { toListQuery } from './list-query.js';
import { useStableOrder } from './use-stable-order.js';

interface ListSource {
  view: MaybeRefOrGetter<InboxView>;
  query: MaybeRefOrGetter<string>;
  /** What stands in the search's field this moment; `query` follows when it stays so for a while. */
  typed: MaybeRefOrGetter<string>;
  sort: MaybeRefOrGetter<ListSort>;
  agentId: MaybeRefOrGetter<string>;
  /** Only threads of this team; null = of any, and of none. */
  team: MaybeRefOrGetter<string | null>;
}

/** What of the list is known, and so what may be shown. */
interface Extent {
  view: InboxView;
  sort: ListSort;
  team: string | null;
  /** The last row of the last page: what sorts behind it is not known yet. Null when all is known. */
  floor: SortKey | null;
  nextCursor: string | null;
  /** Of a search: what was found. Null for a queue, whose members are told by themselves. */
  found: ReadonlySet<string> | null;
}

/**
 * One queue: pages from the server, membership and order from the conversations themselves, so that a push moves a row
 * in, out or up without asking again, and a queue that was loaded once is there at once when it is looked at again.
 * A search is the exception: its members are what the server found, and until it answers what is known here.
 */
export function useConversationList({ view, query, typed, sort, agentId, team }: ListSource) {
  const entities = useEntitiesStore();
  const state = shallowRef<LoadState>('loading');
  const errorCode = shallowRef<ErrorCode | TransportCode | null>(null);
  const loadingMore = shallowRef(false);
  const extent = shallowRef<Extent | null>(null);
  const loadedQueues = new Map<string, Extent>();
  let generation = 0;

  const live = computed<Conversation[]>(() => (extent.value ? rowsOf(extent.value) : []));
  const stable = useStableOrder(
    live,
    (id) => entities.conversation(id),
    (row) => sortKey(row, toValue(sort)).time,
  );

  function rowsOf({ view: shown, sort: order, team: ofTeam, floor, found }: Extent): Conversation[] {
    const nowMs = Date.now();
    const me = toValue(agentId);
    return entities.conversations
      .filter((row) => (found ? found.has(row.id) : viewRules[shown].fits(row, me)) && sortAdmits(row, order, nowMs))
      .filter((row) => ofTeam === null || row.team?.id === ofTeam)
      .map((row) => ({ row, key: sortKey(row, order) }))
      .filter(({ key }) => floor === null || compareKeys(key, floor, order) <= 0)
      .sort((a, b) => compareKeys(a.key, b.key, order))
      .map(({ row }) => row);
  }

  const words = (): string => toValue(query).trim();
  const typedWords = (): string => toValue(typed).trim();
  const queueKey = (): string => `${toValue(view)} ${toValue(sort)} ${toValue(team) ?? ''}`;

  function takePage(page: ConversationList, before: Extent | null): void {
    page.items.forEach(entities.take);
    const last = page.items.at(-1);
    const order = toValue(sort);
    const next: Extent = {
      view: toValue(view),
      sort: order,
      team: toValue(team),
      floor: page.nextCursor === null || !last ? null : sortKey(last, order),
      nextCursor: page.nextCursor,
      found: words() === '' ? null : new Set([...(before?.found ?? []), ...page.items.map(({ id }) => id)]),
    };
    extent.value = next;
    if (next.found === null) loadedQueues.set(queueKey(), next);
  }

  async function fetchPage(before: Extent | null): Promise<void> {
    const asked = generation;
    const filter = words() === '' ? viewRules[toValue(view)].query : toListQuery(words());
    const cursor = before?.nextCursor ?? undefined;
    await entities.loadList<ConversationList>(
      () => entities.api.list({ ...filter, team: toValue(team) ?? undefined, sort: toValue(sort), cursor }),
      (page) => {
        // Rows are right whoever asked; only the list that still asks takes them as its page.
        if (asked === generation && (words() === '' || typedWords() === words())) takePage(page, before);
        else page.items.forEach(entities.take);
      },
    );
  }

  /** What is known here of a search, at once; where that is nothing the rows before it stay until the server answers. */
  function showKnown(search: string): void {
    const found = search === '' ? null : knownHits(entities.conversations, search);
    if (!found?.size) return;
    stable.restart();
    extent.value = {
      view: toValue(view),
      sort: toValue(sort),
      team: toValue(team),
      floor: null,
      nextCursor: null,
      found,
    };
  }

  async function load(): Promise<void> {
    const asked = ++generation;
    errorCode.value = null;
    loadingMore.value = false;
    stable.restart();
    const known = words() === '' ? loadedQueues.get(queueKey()) : undefined;
    // What was found before stays on the screen until the next hits are here; another queue's rows do not.
    if (known || words() === '') extent.value = known ?? null;
    else showKnown(words());
    state.value = known ? 'ready' : 'loading';
    if (known) return;
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
    const before = extent.value;
    if (!before?.nextCursor || loadingMore.value || state.value === 'loading') return;
    const asked = generation;
    loadingMore.value = true;
    try {
      await fetchPage(before);
      if (asked === generation) state.value = 'ready';
    } catch (error) {
      if (asked !== generation) return;
      errorCode.value = toErrorCode(error);
      state.value = 'error';
    } finally {
      if (asked === generation) loadingMore.value = false;
    }
  }

  watch(
    () => entities.resets,
    () => loadedQueues.clear(),
    { flush: 'sync' },
  );
  // Back at what was asked before the pause was over: what stands here belongs to words that are gone.
  watch(typedWords, (now) => void (now === words() ? load() : showKnown(now)));
  watch([() => toValue(view), words, () => toValue(sort), () => toValue(team), () => entities.resets], load, {
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
    hasMore: computed(() => extent.value?.nextCursor != null),
    loadMore,
    /** After an error: the page that did not come. */
    retry: () => (extent.value?.nextCursor ? loadMore() : load()),
  };
}
