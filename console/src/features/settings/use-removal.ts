import { useRouter } from 'vue-router';
import { useAct } from './use-act.js';

interface RemovalOptions {
  /** The list, where the page goes back to. */
  back: string;
  /** What was written and not kept goes with it. */
  discard: () => void;
  changed: () => void;
}

/** Takes away what a page shows, and leaves the page. `busy` as in `useAct`. */
export function useRemoval({ back, discard, changed }: RemovalOptions) {
  const router = useRouter();
  const { busy, act } = useAct();

  /** `done` is said once it is gone. */
  async function removeBy(run: () => Promise<unknown>, done: string): Promise<void> {
    if (!(await act('remove', run, done))) return;
    discard();
    // Before the way back: a component that is gone tells nobody.
    changed();
    await router.push(back);
  }

  return { busy, removeBy };
}
