import { useVirtualizer } from '@tanstack/vue-virtual';
import { until } from '@vueuse/core';
import { computed, nextTick, onMounted, ref, shallowRef, watch, type Ref } from 'vue';
import type { ThreadMessage } from '../types.js';
import { estimateItemPx, lettersPerLine, messageKey, type ThreadItem } from './thread-items.js';

/** Within this distance of the end the thread follows what arrives; above it nothing moves under the reader. */
export const FOLLOW_WITHIN_PX = 80;
/** Room above the first row for the day it belongs to. */
export const LEADING_DAY_PX = 44;
/** Older messages are asked for while this many screens are left above: never at the very top (momentum scrolling). */
const LOAD_AHEAD_SCREENS = 2;
const FLASH_MS = 2_500;
/** So many messages at the end are compared to tell what came after them. */
const LAST_KNOWN = 200;
/** Rows made beyond the edges: few until the thread is on the screen, then enough for a flick of the wheel. */
const OVERSCAN = { opening: 2, open: 8 };

/**
 * The size of threads, as of the last one: the next begins with the rows that fit into it. Asked before anything is laid
 * out, the browser would have to do so twice.
 */
let threadRect = { width: 690, height: 600 };

/** Tells a scroller's size with the frame that draws it, and whenever it changes. */
function observeSize({ scrollElement }: { scrollElement: Element | null }, tell: (rect: typeof threadRect) => void) {
  if (!scrollElement) return undefined;
  const observer = new ResizeObserver(() => {
    threadRect = { width: scrollElement.clientWidth, height: scrollElement.clientHeight };
    tell(threadRect);
  });
  observer.observe(scrollElement);
  return () => observer.disconnect();
}

/** Where the divider of the unread ones is to be expected; null without one. */
function offsetOfUnread(items: readonly ThreadItem[], estimate: (item: ThreadItem) => number): number | null {
  const unread = items.findIndex(({ kind }) => kind === 'unread');
  return unread < 0 ? null : items.slice(0, unread).reduce((sum, item) => sum + estimate(item), LEADING_DAY_PX);
}

interface ThreadScrollSource {
  scroller: Readonly<Ref<HTMLElement | null>>;
  items: () => readonly ThreadItem[];
  messages: () => readonly ThreadMessage[];
  currentAgentId: () => string;
  mayLoadOlder: () => boolean;
  onLoadOlder: () => void;
}

/**
 * The scrolling of a thread: opens at the first unread message or at the end, follows the end only while the reader is
 * there, keeps the row under the eye where it is when older ones are put above, and counts what came in below.
 */
export function useThreadScroll(source: ThreadScrollSource) {
  const isPlaced = ref(false);
  const isNearEnd = ref(true);
  const newCount = ref(0);
  const flashingKey = shallowRef<string | null>(null);
  const scrollTop = ref(0);
  const overscan = ref(OVERSCAN.opening);
  let askedForKey: string | null = null;

  const virtualizer = useVirtualizer(
    computed(() => {
      const items = source.items();
      const perLine = lettersPerLine(threadRect.width);
      const estimate = (item: ThreadItem): number => estimateItemPx(item, perLine);
      return {
        count: items.length,
        getScrollElement: () => source.scroller.value,
        initialRect: threadRect,
        observeElementRect: observeSize,
        // Beyond the end means at it. Begun at the top, the first rows would be made only to be taken away again.
        initialOffset: () => offsetOfUnread(items, estimate) ?? Number.MAX_SAFE_INTEGER,
        estimateSize: (index: number) => estimate(items[index] as ThreadItem),
        getItemKey: (index: number) => items[index]?.key ?? index,
        anchorTo: 'end' as const,
        followOnAppend: true,
        scrollEndThreshold: FOLLOW_WITHIN_PX,
        paddingStart: LEADING_DAY_PX,
        paddingEnd: 16,
        scrollPaddingStart: LEADING_DAY_PX,
        overscan: overscan.value,
      };
    }),
  );

  const rows = computed(() =>
    virtualizer.value.getVirtualItems().flatMap((row) => {
      const item = source.items()[row.index];
      return item ? [{ index: row.index, start: row.start, end: row.end, item }] : [];
    }),
  );
  /** The row at the upper edge: its day is the one that floats over the thread. */
  const topRow = computed(() => rows.value.find((row) => row.end > scrollTop.value + LEADING_DAY_PX));

  function onScroll(): void {
    const element = source.scroller.value;
    if (!element) return;
    scrollTop.value = element.scrollTop;
    isNearEnd.value = element.scrollHeight - element.clientHeight - element.scrollTop <= FOLLOW_WITHIN_PX;
    if (isNearEnd.value) newCount.value = 0;
    askForOlder();
  }

  function askForOlder(): void {
    const element = source.scroller.value;
    const oldest = source.messages()[0];
    if (!element || !isPlaced.value || !oldest || !source.mayLoadOlder()) return;
    if (element.scrollTop > LOAD_AHEAD_SCREENS * element.clientHeight || askedForKey === messageKey(oldest)) return;
    askedForKey = messageKey(oldest);
    source.onLoadOlder();
  }

  /** Twice, because rows that were only guessed at are measured between the two. */
  async function settle(move: () => void): Promise<void> {
    await nextTick();
    move();
    await new Promise(requestAnimationFrame);
    move();
  }

  let goingToEnd: Promise<void> | null = null;

  /** A message that is sent asks for it more than once: what is on its way already is not begun again. */
  function scrollToEnd(): Promise<void> {
    newCount.value = 0;
    goingToEnd ??= settle(() => virtualizer.value.scrollToEnd()).then(() => {
      goingToEnd = null;
      onScroll();
    });
    return goingToEnd;
  }

  function indexOfMessage(id: string): number {
    return source
      .items()
      .findIndex(
        (item) => (item.kind === 'message' && item.message.id === id) || (item.kind === 'note' && item.note.id === id),
      );
  }

  /** Brings a loaded message or note to the middle and marks it for a moment; false if it is not loaded. */
  async function jumpTo(messageId: string): Promise<boolean> {
    await until(isPlaced).toBe(true);
    const index = indexOfMessage(messageId);
    const key = source.items()[index]?.key;
    if (index < 0 || key === undefined) return false;
    await settle(() => virtualizer.value.scrollToIndex(index, { align: 'center' }));
    flashingKey.value = key;
    setTimeout(() => {
      if (flashingKey.value === key) flashingKey.value = null;
    }, FLASH_MS);
    return true;
  }

  onMounted(async () => {
    const unread = source.items().findIndex((item) => item.kind === 'unread');
    const place = (): void => {
      if (unread >= 0) virtualizer.value.scrollToIndex(unread, { align: 'start' });
      else virtualizer.value.scrollToEnd();
      onScroll();
    };
    await nextTick();
    place();
    // It may be seen at once: the frame that draws the rows measures them first, and keeps the place by itself.
    isPlaced.value = true;
    await new Promise(requestAnimationFrame);
    place();
    requestAnimationFrame(() => requestAnimationFrame(() => (overscan.value = OVERSCAN.open)));
  });

  // The virtualizer writes the new place before the page has grown for it: of a short thread the browser cut it off, and
  // would report the place it cut it to. By the first message, since the row above it is the day of both pages.
  watch(
    () => source.messages()[0],
    (first, firstBefore) => {
      const element = source.scroller.value;
      const placeTop = virtualizer.value.scrollOffset ?? 0;
      if (!element || !first || !firstBefore || messageKey(first) === messageKey(firstBefore)) return;
      if (element.scrollTop < placeTop) element.scrollTop = placeTop;
    },
    { flush: 'post' },
  );
  watch(source.messages, (messages, before) => {
    const known = new Set(before.slice(-LAST_KNOWN).map(messageKey));
    const lastKnown = before.at(-1);
    const firstNew = lastKnown ? messages.findLastIndex((message) => known.has(messageKey(message))) + 1 : 0;
    const arrived = messages.slice(firstNew);
    // Who stood at the end stays there, also when older messages came in above while rows were being measured.
    if (isNearEnd.value) void scrollToEnd();
    if (arrived.length === 0) return;
    const isOwnSend = arrived.some(
      (message) => message.local?.state === 'sending' || message.local?.state === 'offline',
    );
    if (isOwnSend) void scrollToEnd();
    else if (!isNearEnd.value) {
      newCount.value += arrived.filter((message) => message.sender.id !== source.currentAgentId()).length;
    }
  });
  watch(source.mayLoadOlder, async (may) => {
    if (!may) return;
    askedForKey = null;
    // Not before the position was corrected for what was put above, or the old position would ask for more at once.
    await nextTick();
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    askForOlder();
  });

  return { virtualizer, rows, topRow, isPlaced, isNearEnd, newCount, flashingKey, onScroll, scrollToEnd, jumpTo };
}
