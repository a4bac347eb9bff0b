import type { Gallery, GalleryKind, Message } from '@parley/contract';
import { useDebounceFn } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import { toErrorCode } from '../../../shared/api-error.js';
import { useEntitiesStore } from '../entities.store.js';

/** In a lively thread one look a second is enough. */
const LOOK_AGAIN_MS = 1_000;

/** One kind of what a conversation holds besides words: pages of it, newest first, following what comes in. */
export function useGallery(conversationId: string, kind: Readonly<Ref<GalleryKind>>) {
  const entities = useEntitiesStore();
  const items = shallowRef<readonly Message[]>([]);
  const nextCursor = shallowRef<string | null>(null);
  const errorCode = shallowRef<string | null>(null);
  const isLoading = shallowRef(false);
  const isLoaded = shallowRef(false);
  /** Moves with the kind: an answer about another one is dropped. */
  let asked = 0;

  async function ask(before: string | null, take: (page: Gallery) => void): Promise<void> {
    const mine = asked;
    isLoading.value = true;
    try {
      const page = await entities.api.gallery(conversationId, kind.value, before);
      if (mine !== asked) return;
      take(page);
      errorCode.value = null;
      isLoaded.value = true;
    } catch (error) {
      if (mine === asked) errorCode.value = toErrorCode(error);
    } finally {
      if (mine === asked) isLoading.value = false;
    }
  }

  function begin(): void {
    asked += 1;
    [items.value, nextCursor.value, errorCode.value] = [[], null, null];
    isLoaded.value = false;
    void load();
  }
  /** The newest page; what was loaded beyond it stays. */
  async function load(): Promise<void> {
    await ask(null, (page) => {
      const isHere = new Set(page.items.map(({ id }) => id));
      const last = page.items.at(-1);
      const beyond = items.value.filter((item) => !isHere.has(item.id) && last && isOlder(item, last));
      if (beyond.length === 0) nextCursor.value = page.nextCursor;
      items.value = [...page.items, ...beyond];
    });
  }
  async function loadMore(): Promise<void> {
    const before = nextCursor.value;
    if (before === null || isLoading.value) return;
    await ask(before, (page) => {
      items.value = [...items.value, ...page.items];
      nextCursor.value = page.nextCursor;
    });
  }

  const look = useDebounceFn(() => (isLoading.value ? undefined : load()), LOOK_AGAIN_MS);
  entities.onEvent((event) => {
    if (event.type !== 'message:created' && event.type !== 'message:updated') return;
    if (event.payload.conversationId === conversationId) void look();
  });
  watch(kind, begin, { immediate: true });
  onScopeDispose(() => (asked += 1));

  return { items, hasMore: computed(() => nextCursor.value !== null), errorCode, isLoading, isLoaded, load, loadMore };
}

/** In the order of a thread: by the second, then by arrival. */
function isOlder(one: Message, other: Message): boolean {
  const [second, otherSecond] = [one, other].map(({ createdAt }) => Math.floor(Date.parse(createdAt) / 1_000));
  return second === otherSecond ? one.seq < other.seq : (second ?? 0) < (otherSecond ?? 0);
}
