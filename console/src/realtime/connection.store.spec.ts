import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it, vi } from 'vitest';
import { useConnectionStore } from './connection.store.js';
import { reconnectDelayMs } from './socket.js';

beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

it('does not speak of a loss that heals at once', () => {
  const store = useConnectionStore();
  store.set('live');
  store.set('offline');
  vi.advanceTimersByTime(1_000);
  store.set('live');
  vi.advanceTimersByTime(5_000);
  expect([store.shown, store.since]).toEqual(['live', null]);
});

it('tells of a loss that lasts, since when, and of its end at once', () => {
  const store = useConnectionStore();
  store.set('live');
  const lostAt = new Date().toISOString();
  store.set('offline');
  vi.advanceTimersByTime(1_500);
  expect([store.shown, store.since]).toEqual(['offline', lostAt]);
  store.set('catching-up');
  expect([store.shown, store.since]).toEqual(['catching-up', lostAt]);
  store.set('live');
  expect([store.shown, store.since]).toEqual(['live', null]);
});

it('waits longer from try to try, up to ten seconds, with chance in it', () => {
  expect(reconnectDelayMs(0, () => 1)).toBe(1_000);
  expect(reconnectDelayMs(0, () => 0)).toBe(500);
  expect(reconnectDelayMs(20, () => 1)).toBe(10_000);
});
