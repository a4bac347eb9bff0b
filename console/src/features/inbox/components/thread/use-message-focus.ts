import { nextTick, ref, type Ref } from 'vue';
import type { ThreadItem } from './thread-items.js';

interface MessageFocusSource {
  scroller: Readonly<Ref<HTMLElement | null>>;
  items: () => readonly ThreadItem[];
  reveal: (index: number) => void;
  toEnd: () => void;
}

/** ↑ and ↓ walk from message to message, also to those that are not rendered; End returns to the newest. */
export function useMessageFocus(source: MessageFocusSource) {
  const focusedKey = ref<string | null>(null);

  async function focusItem(index: number): Promise<void> {
    const item = source.items()[index];
    if (!item) return;
    focusedKey.value = item.key;
    source.reveal(index);
    for (let frame = 0; frame < 3; frame += 1) {
      await nextTick();
      const element = source.scroller.value?.querySelector<HTMLElement>(`[data-key="${CSS.escape(item.key)}"]`);
      if (element) return element.focus({ preventScroll: true });
      await new Promise(requestAnimationFrame);
    }
  }

  function neighbour(step: 1 | -1): number {
    const items = source.items();
    const current = items.findIndex((item) => item.key === focusedKey.value);
    let index = current >= 0 ? current + step : step === -1 ? items.length - 1 : items.length;
    while (items[index] && items[index]?.kind !== 'message' && items[index]?.kind !== 'note') index += step;
    return index;
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const inMenu = event.target instanceof Element && event.target.closest('[role="menu"]');
      if (inMenu) return;
      event.preventDefault();
      void focusItem(neighbour(event.key === 'ArrowUp' ? -1 : 1));
    } else if (event.key === 'End') {
      event.preventDefault();
      focusedKey.value = null;
      source.toEnd();
    }
  }

  return { focusedKey, onKeydown };
}
