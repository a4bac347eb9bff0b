import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('slots', () => {
  it('hold what was added and not taken out, whatever came and went in between', () => {
    const slots = new Slots<{ name: string }>();
    const names = () =>
      slots
        .values()
        .map(({ name }) => name)
        .sort();
    const [first, second] = [slots.add({ name: 'a' }), slots.add({ name: 'b' })];
    slots.remove(first);
    const third = slots.add({ name: 'c' });
    const fourth = slots.add({ name: 'd' });
    expect(names()).toEqual(['b', 'c', 'd']);
    for (const slot of [third, second]) slots.remove(slot);
    expect(names()).toEqual(['d']);
    slots.remove(fourth);
    expect(names()).toEqual([]);
  });
});
