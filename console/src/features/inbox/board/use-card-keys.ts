import type { Ref } from 'vue';

const CARD = '[data-card]';

/** Arrow keys over the cards: up and down in a column, sideways to the next column that has any, as the eye goes. */
export function useCardKeys(root: Readonly<Ref<HTMLElement | null>>) {
  const focused = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>(CARD) ?? null;
  const cardsOf = (column: Element): HTMLElement[] => [...column.querySelectorAll<HTMLElement>(CARD)];

  function neighbour(card: HTMLElement, key: string): HTMLElement | undefined {
    const column = card.closest('[data-column]');
    if (!column || !root.value) return undefined;
    const cards = cardsOf(column);
    const at = cards.indexOf(card);
    if (key === 'ArrowDown') return cards[at + 1];
    if (key === 'ArrowUp') return cards[at - 1];
    if (key === 'Home') return cards[0];
    if (key === 'End') return cards.at(-1);
    const isRtl = getComputedStyle(root.value).direction === 'rtl';
    const step = (key === 'ArrowRight') === isRtl ? -1 : 1;
    const columns = [...root.value.querySelectorAll('[data-column]')];
    for (let next = columns.indexOf(column) + step; columns[next]; next += step) {
      const others = cardsOf(columns[next] as Element);
      if (others.length > 0) return others[Math.min(at, others.length - 1)];
    }
    return undefined;
  }

  function onKeydown(event: KeyboardEvent): void {
    const isMove = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key);
    const card = (event.target as Element).closest<HTMLElement>(CARD);
    if (!isMove || !card || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    neighbour(card, event.key)?.focus();
  }

  return {
    onKeydown,
    focusCard: (id: string) => root.value?.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)?.focus(),
    focusedId: (): string | null => focused()?.dataset.card ?? null,
  };
}
