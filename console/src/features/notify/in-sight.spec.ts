import { afterEach, expect, it, vi } from 'vitest';

/** A tab of its own: what it remembers of the browser is read anew. */
async function openTab() {
  vi.resetModules();
  const { useSight } = await import('./in-sight.js');
  return useSight();
}

afterEach(() => localStorage.clear());

it('a tab knows what the agent looks at in another one, until they look away', async () => {
  const first = await openTab();
  const second = await openTab();
  expect(second.isInSight('thread')).toBe(false);
  first.look('thread');
  window.dispatchEvent(new StorageEvent('storage', { key: 'parley.sight' }));
  expect(second.isInSight('thread')).toBe(true);
  expect(second.isInSight('other')).toBe(false);
  first.look(null);
  window.dispatchEvent(new StorageEvent('storage', { key: 'parley.sight' }));
  expect(second.isInSight('thread')).toBe(false);
  first.stop();
  second.stop();
});
