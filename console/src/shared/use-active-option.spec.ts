import { expect, it, vi } from 'vitest';
import { shallowRef } from 'vue';
import { useActiveOption } from './use-active-option.js';

const listOf = (count: number): HTMLElement => {
  const list = document.createElement('ul');
  for (let i = 0; i < count; i += 1) list.append(document.createElement('li'));
  return list;
};

it('goes around both ends', () => {
  const { current, move } = useActiveOption(() => ['a', 'b', 'c'], shallowRef(null));
  const seen = ([1, 1, 1, -1] as const).map((by) => (move(by), current.value));
  expect(seen).toEqual(['b', 'c', 'a', 'c']);
});

it('stays in a list that became shorter, and moves from there', () => {
  const options = shallowRef(['a', 'b', 'c']);
  const { active, current, move } = useActiveOption(() => options.value, shallowRef(null));
  active.value = 2;
  options.value = ['a', 'b'];
  expect([active.value, current.value]).toEqual([1, 'b']);
  move(1);
  expect(current.value).toBe('a');
});

it('is nowhere in an empty list, and at its first option once there is one', () => {
  const options = shallowRef<string[]>([]);
  const { active, current, move } = useActiveOption(() => options.value, shallowRef(null));
  move(1);
  expect([active.value, current.value]).toEqual([-1, undefined]);
  options.value = ['a', 'b'];
  expect([active.value, current.value]).toEqual([0, 'a']);
});

it('brings what it moves to into sight', () => {
  const list = listOf(2);
  const scrolled = vi.fn();
  list.children[1]!.scrollIntoView = scrolled;
  useActiveOption(() => ['a', 'b'], shallowRef(list)).move(1);
  expect(scrolled).toHaveBeenCalledWith({ block: 'nearest' });
});
