import type { Conversation } from '@parley/contract';
import { computed, shallowRef, watch, type Ref } from 'vue';

/**
 * Rows that do not move under the hand: while held, the order stays as it was, what belongs further up is counted
 * instead of shown, and what was loaded below the last row is added there.
 */
export function useStableOrder(
  live: Readonly<Ref<readonly Conversation[]>>,
  find: (id: string) => Conversation | undefined,
  /** The time that decides a row's place; smaller stands higher. */
  timeOf: (conversation: Conversation) => number,
) {
  const isHeld = shallowRef(false);
  /** The order on the screen while held, with the time each row had then; null = the live order. */
  const frozen = shallowRef<ReadonlyMap<string, number> | null>(null);

  const timesOf = (conversations: readonly Conversation[]) =>
    conversations.map((conversation) => [conversation.id, timeOf(conversation)] as const);

  const rows = computed<readonly Conversation[]>(() =>
    frozen.value === null ? live.value : [...frozen.value.keys()].flatMap((id) => find(id) ?? []),
  );

  /** How many rows now belong further up than they stand, new ones included. */
  const stagedCount = computed(() => {
    if (frozen.value === null) return 0;
    const places = new Map([...frozen.value.keys()].map((id, index) => [id, index]));
    let staged = 0;
    let highestBelow = Number.MAX_SAFE_INTEGER;
    for (const row of live.value.toReversed()) {
      const place = places.get(row.id);
      const before = frozen.value.get(row.id);
      const isNew = place === undefined || before === undefined;
      if (isNew || (timeOf(row) < before && place > highestBelow)) staged += 1;
      else highestBelow = Math.min(highestBelow, place);
    }
    return staged;
  });

  function hold(on: boolean): void {
    if (on === isHeld.value) return;
    isHeld.value = on;
    frozen.value = on ? new Map(timesOf(live.value)) : null;
  }

  function showStaged(): void {
    if (frozen.value !== null) frozen.value = new Map(timesOf(live.value));
  }

  /** Another list: nothing of the old order matters. */
  function restart(): void {
    if (frozen.value !== null) frozen.value = new Map();
  }

  // What was loaded below the last row is added there.
  watch(live, (now) => {
    const known = frozen.value;
    if (known === null) return;
    const below = now.slice(now.findLastIndex(({ id }) => known.has(id)) + 1);
    if (below.length > 0) frozen.value = new Map([...known, ...timesOf(below)]);
  });

  return { rows, stagedCount, hold, showStaged, restart };
}
