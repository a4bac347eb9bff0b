import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** The rows that are marked for an act on all of them. */
export const useSelectionStore = defineStore('selection', () => {
  const ids = shallowRef<ReadonlySet<string>>(new Set());
  /** Where a range begins. */
  let anchor: string | null = null;

  /** Marks or unmarks a row; with `isRange` also those between it and the last one, as they stand in the list. */
  function toggle(id: string, isRange: boolean, order: readonly string[]): void {
    const next = new Set(ids.value);
    const [from, to] = [order.indexOf(anchor ?? ''), order.indexOf(id)].sort((a, b) => a - b) as [number, number];
    if (isRange && from >= 0) for (const one of order.slice(from, to + 1)) next.add(one);
    else if (!next.delete(id)) next.add(id);
    anchor = id;
    ids.value = next;
  }

  function clear(): void {
    ids.value = new Set();
    anchor = null;
  }

  return { ids, toggle, clear };
});
