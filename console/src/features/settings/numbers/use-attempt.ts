import { shallowRef } from 'vue';

/** Something that is asked of Meta: whether it is under way, and what went wrong the last time. */
export function useAttempt() {
  const isBusy = shallowRef(false);
  const error = shallowRef<unknown>(null);

  /** True once it is done. */
  async function attempt(run: () => Promise<unknown>): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    error.value = null;
    try {
      await run();
      return true;
    } catch (caught) {
      error.value = caught;
      return false;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, error, attempt };
}
