import { createPinia, setActivePinia } from 'pinia';
import { nextTick } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useConnectionStore } from '../../realtime/connection.store.js';
import { mountInApp, wordsOf } from '../inbox/components/testing/mount.js';
import ConnectionBanner from './ConnectionBanner.vue';

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
});
afterEach(() => {
  vi.useRealTimers();
  document.body.innerHTML = '';
});

it('says in one lasting live region that the connection is gone, and for a moment that all is caught up', async () => {
  const connection = useConnectionStore();
  connection.set('live');
  const banner = mountInApp(ConnectionBanner, {});
  const region = banner.get('[role=status]');
  expect(region.text()).toBe('');

  connection.set('offline');
  await nextTick();
  expect(region.text()).toBe('');
  await vi.advanceTimersByTimeAsync(1_500);
  expect(wordsOf(banner)).toMatch(/No connection since \d\d:\d\d/);

  connection.set('live');
  await nextTick();
  expect(region.text()).toBe('All caught up.');
  await vi.advanceTimersByTimeAsync(2_500);

  connection.set('offline');
  await vi.advanceTimersByTimeAsync(1_500);
  connection.set('catching-up');
  for (let n = 0; n < 14; n += 1) connection.countMissed();
  connection.set('live');
  connection.countMissed();
  await nextTick();
  expect(region.text()).toBe('Caught up: 14 updates.');
  await vi.advanceTimersByTimeAsync(2_500);
  expect(region.text()).toBe('');
  expect(banner.get('[role=status]').element).toBe(region.element);
});
