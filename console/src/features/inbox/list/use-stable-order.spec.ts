import type { Conversation } from '@parley/contract';
import { describe, expect, it } from 'vitest';
import { computed, nextTick, shallowRef } from 'vue';
import { at, conversation } from '../../../../test/builders.js';
import { useStableOrder } from './use-stable-order.js';

function setup(...ids: string[]) {
  const all = shallowRef(new Map(ids.map((id, index) => [id, conversation({ id, lastActivityAt: at(-index) })])));
  const time = (row: Conversation) => -Date.parse(row.lastActivityAt);
  const live = computed(() => [...all.value.values()].sort((a, b) => time(a) - time(b)));
  const order = useStableOrder(live, (id) => all.value.get(id), time);
  const put = (id: string, second: number) =>
    (all.value = new Map(all.value).set(id, conversation({ id, lastActivityAt: at(second) })));
  const drop = (id: string) => (all.value = new Map([...all.value].filter(([key]) => key !== id)));
  return { ...order, put, drop, ids: () => order.rows.value.map(({ id }) => id) };
}

describe('stable order', () => {
  it('follows the live order while nobody is over the list', () => {
    const list = setup('a', 'b', 'c');
    list.put('c', 10);
    expect(list.ids()).toEqual(['c', 'a', 'b']);
    expect(list.stagedCount.value).toBe(0);
  });

  it('counts what belongs further up instead of moving rows under the pointer', () => {
    const list = setup('a', 'b', 'c');
    list.hold(true);
    list.put('c', 10);
    list.put('new', 20);
    expect(list.ids()).toEqual(['a', 'b', 'c']);
    expect(list.stagedCount.value).toBe(2);
    list.showStaged();
    expect(list.ids()).toEqual(['new', 'c', 'a', 'b']);
    expect(list.stagedCount.value).toBe(0);
  });

  it('does not call a row newer that already stands on top', () => {
    const list = setup('a', 'b');
    list.hold(true);
    list.put('a', 10);
    expect(list.stagedCount.value).toBe(0);
  });

  it('does not call the others newer when one row falls', () => {
    const list = setup('a', 'b', 'c');
    list.hold(true);
    list.put('a', -50);
    expect(list.ids()).toEqual(['a', 'b', 'c']);
    expect(list.stagedCount.value).toBe(0);
  });

  it('adds what was loaded below, and drops what may no longer be seen', async () => {
    const list = setup('a', 'b');
    list.hold(true);
    list.put('z', -100);
    await nextTick();
    list.drop('b');
    expect(list.ids()).toEqual(['a', 'z']);
  });

  it('shows the live order as soon as the pointer leaves', () => {
    const list = setup('a', 'b');
    list.hold(true);
    list.put('b', 10);
    list.hold(false);
    expect(list.ids()).toEqual(['b', 'a']);
  });
});
