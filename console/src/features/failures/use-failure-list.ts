import type { Failure } from '@parley/contract';
import { onScopeDispose, shallowRef, watch } from 'vue';
import { toErrorCode } from '../../shared/api-error.js';
import { FAILURES_PAGE, type FailuresApi, type GroupName } from './failures.api.js';

const FIRST_PAGE = 50;

/** The messages of a group, page by page; looking again keeps as many as were there. Late answers are dropped. */
export function useFailureList(api: FailuresApi, group: () => GroupName, channel: () => string | null) {
  const items = shallowRef<readonly Failure[] | null>(null);
  const nextCursor = shallowRef<string | null>(null);
  const errorCode = shallowRef<string | null>(null);
  const isLoading = shallowRef(false);
  let asked = 0;

  async function read(count: number): Promise<void> {
    const mine = ++asked;
    isLoading.value = true;
    try {
      const found: Failure[] = [];
      let cursor: string | null = null;
      do {
        const page = await api.list(group(), channel(), cursor, Math.min(FAILURES_PAGE, count - found.length));
        if (mine !== asked) return;
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < count);
      items.value = found;
      nextCursor.value = cursor;
      errorCode.value = null;
    } catch (error) {
      if (mine === asked) errorCode.value = toErrorCode(error);
    } finally {
      if (mine === asked) isLoading.value = false;
    }
  }

  const shownCount = (): number => Math.max(FIRST_PAGE, items.value?.length ?? 0);
  const look = (): Promise<void> => read(shownCount());
  const more = (): Promise<void> => read(shownCount() + FAILURES_PAGE);

  watch(
    () => `${group().state} ${group().code} ${channel() ?? ''}`,
    () => {
      items.value = null;
      nextCursor.value = null;
      void read(FIRST_PAGE);
    },
    { immediate: true },
  );
  onScopeDispose(() => (asked += 1));
  return { items, nextCursor, errorCode, isLoading, look, more };
}
