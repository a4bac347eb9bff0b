import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { ToastNotice } from './ui/toast.js';
import { randomUuid } from './uuid.js';

export interface Toast extends Omit<ToastNotice, 'key'> {
  /** What its button does. */
  act?: () => void;
}

const MAX_SHOWN = 3;
/** An error, or something that can still be undone, stays long enough to be read and reached. */
const LASTING_MS = 10_000;

/** Passing notices; the newest few are shown. */
export const useToastsStore = defineStore('toasts', () => {
  const notices = shallowRef<readonly ToastNotice[]>([]);
  const acts = new Map<string, () => void>();

  function show({ act, ...notice }: Toast): string {
    const key = randomUuid();
    const lasting = notice.tone === 'error' || act !== undefined;
    if (act) acts.set(key, act);
    notices.value = [...notices.value, { durationMs: lasting ? LASTING_MS : undefined, ...notice, key }].slice(
      -MAX_SHOWN,
    );
    return key;
  }

  function dismiss(key: string): void {
    acts.delete(key);
    notices.value = notices.value.filter((notice) => notice.key !== key);
  }

  function act(key: string): void {
    acts.get(key)?.();
    dismiss(key);
  }

  return { notices, show, dismiss, act };
});
