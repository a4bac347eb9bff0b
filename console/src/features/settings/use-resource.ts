import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { toErrorCode } from '../../shared/api-error.js';

export interface Resource<Value> {
  value: ShallowRef<Value | null>;
  errorCode: ShallowRef<string | null>;
  isLoading: ShallowRef<boolean>;
  reload: () => Promise<void>;
  /** For `PageFrame`: while there is nothing yet, that it loads or why it cannot; what is there once stays. */
  frame: ComputedRef<{ loading: boolean; errorCode: string | null; onRetry: () => Promise<void> }>;
}

/** Something that a page shows and the server has. `about` reloads it whenever it changes; late answers are dropped. */
export function useResource<Value>(load: () => Promise<Value>, about?: () => unknown): Resource<Value> {
  const value = shallowRef<Value | null>(null) as ShallowRef<Value | null>;
  const errorCode = shallowRef<string | null>(null);
  const isLoading = shallowRef(false);
  let asked = 0;

  async function reload(): Promise<void> {
    const mine = ++asked;
    isLoading.value = true;
    try {
      const loaded = await load();
      if (mine !== asked) return;
      value.value = loaded;
      errorCode.value = null;
    } catch (error) {
      if (mine === asked) errorCode.value = toErrorCode(error);
    } finally {
      if (mine === asked) isLoading.value = false;
    }
  }

  if (about) {
    watch(about, () => {
      value.value = null;
      void reload();
    });
  }
  onScopeDispose(() => (asked += 1));
  void reload();
  const frame = computed(() => ({
    loading: isLoading.value && value.value === null,
    errorCode: value.value === null ? errorCode.value : null,
    onRetry: reload,
  }));
  return { value, errorCode, isLoading, reload, frame };
}
