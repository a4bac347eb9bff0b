import type { ConversationList, ErrorCode } from '@parley/contract';
import { computed, provide, shallowRef, watch } from 'vue';
import { usePresenceStore } from '../../../realtime/presence.store.js';
import { toErrorCode, type TransportCode } from '../../../shared/api-error.js';
import { lanesPreference } from '../../../shared/preferences.js';
import { useAgentsStore } from '../agents.store.js';
import type { LoadState } from '../components/types.js';
import { useEntitiesStore } from '../entities.store.js';
import type { ListQuery } from '../inbox.api.js';
import { useCountsStore } from '../counts.store.js';
import { boardCapacity, boardColumns, DEFAULT_CAPACITY, teamColumns, type Lanes } from './columns.js';

const PAGE = 100;
/** More open threads than this are no board; the queue is walked by itself, so that who waits longest is always on it. */
const OPEN_PAGES = 5;
const QUEUE_PAGES = 2;

/**
 * The board: loaded once over the list's own routes, then kept by the stream. Who stands where follows from the
 * conversations themselves, so that an event moves a card without a question to the server.
 */
export function useBoard() {
  const entities = useEntitiesStore();
  const agents = useAgentsStore();
  const presence = usePresenceStore();
  const counts = useCountsStore();
  const chosenLanes = lanesPreference();
  const state = shallowRef<LoadState>('loading');
  const errorCode = shallowRef<ErrorCode | TransportCode | null>(null);
  /** There is more than the board shows. */
  const isCut = shallowRef(false);
  const capacity = shallowRef(DEFAULT_CAPACITY);
  provide(boardCapacity, capacity);
  let generation = 0;

  const columns = computed(() =>
    boardColumns(entities.conversations, {
      agents: agents.agents,
      online: presence.online,
      idle: presence.idle,
    }),
  );

  /** Without teams there are only people. */
  const lanes = computed<Lanes>({
    get: () => (counts.teams.length > 0 ? chosenLanes.value : 'people'),
    set: (choice) => (chosenLanes.value = choice),
  });
  /** The columns that are looked at; the figures above them always come from `columns`. */
  const shown = computed(() =>
    lanes.value === 'teams' ? teamColumns(entities.conversations, counts.teams) : columns.value,
  );

  /** Pages until the last or the limit; returns whether there are more. */
  async function walk(query: ListQuery, pages: number): Promise<boolean> {
    let cursor: string | undefined;
    for (let page = 0; page < pages; page += 1) {
      let next: string | null = null;
      await entities.loadList<ConversationList>(
        () => entities.api.list({ ...query, limit: PAGE, cursor }),
        ({ items, nextCursor }) => {
          items.forEach(entities.take);
          next = nextCursor;
        },
      );
      if (next === null) return false;
      cursor = next;
    }
    return true;
  }

  async function load(): Promise<void> {
    const asked = ++generation;
    errorCode.value = null;
    state.value = 'loading';
    try {
      const [queueIsCut, openIsCut] = await Promise.all([
        walk({ status: 'open', assignee: 'none', sort: 'waiting' }, QUEUE_PAGES),
        walk({ status: 'open', sort: 'activity' }, OPEN_PAGES),
        agents.load(),
        entities.api.workspace().then(({ agentCapacity }) => (capacity.value = agentCapacity)),
      ]);
      if (asked !== generation) return;
      isCut.value = queueIsCut || openIsCut;
      state.value = 'ready';
    } catch (error) {
      if (asked !== generation) return;
      errorCode.value = toErrorCode(error);
      state.value = 'error';
    }
  }

  watch(() => entities.resets, load, { immediate: true });

  return { columns, lanes, shown, state, errorCode, isCut, load };
}
