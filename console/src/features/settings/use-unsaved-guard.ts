import { useEventListener } from '@vueuse/core';
import { inject, onScopeDispose, provide, shallowReactive, shallowRef, type InjectionKey, type Ref } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';

type Dirty = Readonly<Ref<boolean>>;
const DIRTY_FORMS: InjectionKey<Set<Dirty>> = Symbol('dirty forms');

/**
 * Stops whoever leaves a page with unsaved changes and asks once; the browser asks when the tab is closed. Called by the
 * room that the pages are in.
 */
export function provideUnsavedGuard() {
  const forms = shallowReactive(new Set<Dirty>());
  const isAsking = shallowRef(false);
  let answer: ((leave: boolean) => void) | null = null;
  provide(DIRTY_FORMS, forms);

  const isDirty = (): boolean => [...forms].some((form) => form.value);
  function ask(): boolean | Promise<boolean> {
    if (!isDirty()) return true;
    isAsking.value = true;
    return new Promise((resolve) => (answer = resolve));
  }
  function decide(leave: boolean): void {
    isAsking.value = false;
    answer?.(leave);
    answer = null;
  }

  onBeforeRouteUpdate(ask);
  onBeforeRouteLeave(ask);
  useEventListener(window, 'beforeunload', (event: BeforeUnloadEvent) => {
    if (isDirty()) event.preventDefault();
  });
  return { isAsking, decide };
}

/** Tells the guard of a form; forgotten with the form. */
export function useUnsaved(isDirty: Dirty): void {
  const forms = inject(DIRTY_FORMS, null);
  forms?.add(isDirty);
  onScopeDispose(() => forms?.delete(isDirty));
}
