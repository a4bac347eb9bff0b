import { computed, shallowRef, type Ref } from 'vue';

/**
 * Which option of a list the keyboard is on while the focus stays in the field above it. `list` is the list's element,
 * with one child for each option.
 */
export function useActiveOption<Option>(options: () => readonly Option[], list: Readonly<Ref<HTMLElement | null>>) {
  const wanted = shallowRef(0);
  /** Its index: never behind the end of a list that became shorter; −1 in an empty one. */
  const active = computed({
    get: () => Math.min(wanted.value, options().length - 1),
    set: (index) => (wanted.value = index),
  });
  const current = computed(() => options()[active.value]);

  /** One down (1) or up (−1), around both ends, and into sight. */
  function move(by: 1 | -1): void {
    const count = options().length;
    if (count === 0) return;
    active.value = (active.value + by + count) % count;
    list.value?.children[active.value]?.scrollIntoView({ block: 'nearest' });
  }

  return { active, current, move };
}
