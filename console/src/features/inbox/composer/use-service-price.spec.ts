import type { ServicePrice } from '@parley/contract';
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import { defineComponent, h, nextTick, ref } from 'vue';
import { mountInApp } from '../components/testing/mount.js';
import { useEntitiesStore } from '../entities.store.js';
import { useServicePrice } from './use-service-price.js';

const answer = (over: Partial<ServicePrice> = {}): ServicePrice => ({
  standing: 'beyond',
  left: 0,
  price: { category: 'service', kind: 'amount', price: { currency: 'USD', amount: '0.0049' } },
  ...over,
});

let ask: Mock<(id: string) => Promise<ServicePrice>>;
const id = ref('one');
const isWriting = ref(false);

function mountWords() {
  const Words = defineComponent({
    setup() {
      const words = useServicePrice(
        () => id.value,
        () => isWriting.value,
      );
      return () => h('p', words.value ?? 'nothing');
    },
  });
  return mountInApp(Words, {});
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  setActivePinia(createPinia());
  ask = vi.fn(() => Promise.resolve(answer()));
  Object.assign(useEntitiesStore().api, { servicePrice: ask });
  id.value = 'one';
  isWriting.value = false;
});
afterEach(() => vi.useRealTimers());

describe('what a reply costs', () => {
  it('is asked for once somebody writes, and again after a minute or for another conversation', async () => {
    const words = mountWords();
    await flushPromises();
    expect(ask).not.toHaveBeenCalled();
    const write = async () => {
      isWriting.value = false;
      await nextTick();
      isWriting.value = true;
      await flushPromises();
    };
    await write();
    await write();
    expect(ask.mock.calls).toEqual([['one']]);
    expect(words.text()).toBe('Beyond this month’s free replies: about $0.0049');
    id.value = 'two';
    ask.mockResolvedValueOnce(answer({ standing: 'plenty', left: 900 }));
    await flushPromises();
    expect(ask.mock.calls).toEqual([['one'], ['two']]);
    expect(words.text()).toBe('nothing');
    vi.setSystemTime(Date.now() + 61_000);
    await write();
    expect(ask.mock.calls).toEqual([['one'], ['two'], ['two']]);
  });

  it.each([
    [answer({ standing: 'nearly', left: 1 }), '1 free reply left this month'],
    [answer({ standing: 'nearly', left: 12 }), '12 free replies left this month'],
    [
      answer({ price: { category: 'service', kind: 'unknown', price: null } }),
      'Beyond this month’s free replies: price not known',
    ],
    [answer({ standing: 'unknown', left: null }), 'nothing'],
  ])('is said in words: %o → %s', async (given, said) => {
    ask.mockResolvedValueOnce(given);
    isWriting.value = true;
    const words = mountWords();
    await flushPromises();
    expect(words.text()).toBe(said);
  });

  it('is not said where no answer came', async () => {
    ask.mockRejectedValueOnce(new Error('network'));
    isWriting.value = true;
    const words = mountWords();
    await flushPromises();
    expect(words.text()).toBe('nothing');
  });
});
