import { afterEach, describe, expect, it, vi } from 'vitest';
import { leadAlone } from './leader.js';

/** Locks as a browser gives them: one holder at a time, then the next that waits and has not left. */
function browserLocks(): LockManager {
  let last = Promise.resolve();
  const request = (_name: string, { signal }: LockOptions, hold: () => Promise<void>) => {
    const mine = last.then(() => (signal?.aborted ? undefined : hold()));
    last = mine;
    return mine;
  };
  return { request } as unknown as LockManager;
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('one tab of many', () => {
  afterEach(() => {
    vi.useRealTimers();
    localStorage.clear();
  });

  it('leads, and the next takes over when it is closed', async () => {
    const locks = browserLocks();
    const tabs = [leadAlone('x', locks), leadAlone('x', locks), leadAlone('x', locks)] as const;
    const leads = () => tabs.map((tab) => tab.leads.value);
    await settled();
    expect(leads()).toEqual([true, false, false]);
    tabs[1].stop();
    tabs[0].stop();
    await settled();
    expect(leads()).toEqual([false, false, true]);
    tabs[2].stop();
  });

  it('leads by a lease where there are no locks, also after one that died', () => {
    vi.useFakeTimers();
    const tabs = [leadAlone('x', undefined), leadAlone('x', undefined)] as const;
    vi.advanceTimersByTime(4_000);
    expect(tabs.map((tab) => tab.leads.value)).toEqual([true, false]);
    tabs[0].stop();
    vi.advanceTimersByTime(4_000);
    expect(tabs[1].leads.value).toBe(true);
    tabs[1].stop();
    localStorage.setItem('x', JSON.stringify({ tab: 'dead', until: Date.now() + 6_000 }));
    const heir = leadAlone('x', undefined);
    vi.advanceTimersByTime(4_000);
    expect(heir.leads.value).toBe(false);
    vi.advanceTimersByTime(6_000);
    expect(heir.leads.value).toBe(true);
    heir.stop();
  });
});
