import { onMounted, onUnmounted, type Ref } from 'vue';
import type { PickedCard } from './use-moves.js';

// The board is there before what drags it: a card can be moved by key meanwhile.
const loadAdapter = () => import('@atlaskit/pragmatic-drag-and-drop/element/adapter');
type Adapter = Awaited<ReturnType<typeof loadAdapter>>;

const ID = 'conversationId';
const VERSION = 'version';

/** Binds an element while its component lives; without the library nothing drags, and everything else works. */
function useAdapter(
  element: Readonly<Ref<HTMLElement | null>>,
  bind: (adapter: Adapter, element: HTMLElement) => () => void,
) {
  let release: (() => void) | undefined;
  let isGone = false;
  onMounted(async () => {
    const adapter = await loadAdapter().catch(() => null);
    if (adapter && element.value && !isGone) release = bind(adapter, element.value);
  });
  onUnmounted(() => {
    isGone = true;
    release?.();
  });
}

/** An element that can be taken up as a card. */
export function useDraggableCard(
  element: Readonly<Ref<HTMLElement | null>>,
  card: () => PickedCard,
  onDragging: (isDragging: boolean) => void,
): void {
  useAdapter(element, ({ draggable }, target) =>
    draggable({
      element: target,
      getInitialData: () => ({ [ID]: card().id, [VERSION]: card().version }),
      onDragStart: () => onDragging(true),
      onDrop: () => onDragging(false),
    }),
  );
}

/** An element on which a card can be put down. */
export function useCardTarget(
  element: Readonly<Ref<HTMLElement | null>>,
  onOver: (card: PickedCard | null) => void,
  onDrop: (card: PickedCard) => void,
): void {
  const cardOf = (data: Record<string | symbol, unknown>): PickedCard => ({
    id: String(data[ID]),
    version: Number(data[VERSION]),
  });
  useAdapter(element, ({ dropTargetForElements }, target) =>
    dropTargetForElements({
      element: target,
      canDrop: ({ source }) => typeof source.data[ID] === 'string',
      onDragEnter: ({ source }) => onOver(cardOf(source.data)),
      onDragLeave: () => onOver(null),
      onDrop: ({ source }) => {
        onOver(null);
        onDrop(cardOf(source.data));
      },
    }),
  );
}
