import { computed, nextTick, ref, watch, type Ref } from 'vue';

interface RovingOptions {
  scroller: Readonly<Ref<HTMLElement | null>>;
  /** Scrolls a row into the rendered part. */
  reveal: (index: number) => void;
  /** Where ↑ leads from the first row. */
  toSearch: () => void;
}

const PAGE_ROWS = 8;

/**
 * One Tab stop for a list of links: arrows, Page Up/Down, Home and End move within it, also to rows that are not
 * rendered yet. The stop is the row last focused, else the open one, else the first.
 */
export function useRovingRows(
  rows: () => readonly { id: string }[],
  activeId: () => string | null,
  options: RovingOptions,
) {
  const focusedId = ref<string | null>(null);

  const indexOf = (id: string | null): number => rows().findIndex((row) => row.id === id);
  const stopId = computed((): string | undefined => {
    if (indexOf(focusedId.value) >= 0) return focusedId.value ?? undefined;
    const active = activeId();
    return indexOf(active) >= 0 ? (active ?? undefined) : rows()[0]?.id;
  });

  watch(activeId, (id) => (focusedId.value = id ?? focusedId.value));

  async function focusIndex(index: number): Promise<void> {
    const target = rows()[Math.min(Math.max(index, 0), rows().length - 1)];
    if (!target) return;
    focusedId.value = target.id;
    options.reveal(indexOf(target.id));
    // A row far away is rendered only after the scroll event has been handled.
    for (let frame = 0; frame < 3; frame += 1) {
      await nextTick();
      const link = options.scroller.value?.querySelector<HTMLElement>(`[data-conversation-id="${target.id}"]`);
      if (link) return link.focus({ preventScroll: true });
      await new Promise(requestAnimationFrame);
    }
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const index = indexOf(focusedId.value ?? stopId.value ?? null);
    const targets: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + PAGE_ROWS,
      PageUp: index - PAGE_ROWS,
      Home: 0,
      End: rows().length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' && index === 0) options.toSearch();
    else void focusIndex(target);
  }

  return {
    tabIndexOf: (id: string) => (id === stopId.value ? 0 : -1),
    onFocus: (id: string) => (focusedId.value = id),
    onKeydown,
    /** Focuses a row by id, or the list's Tab stop. */
    focusRow: (id?: string) => focusIndex(indexOf(id ?? stopId.value ?? null)),
  };
}
