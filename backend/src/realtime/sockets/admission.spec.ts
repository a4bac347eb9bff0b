import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission } from './admission.js';

describe('the admission of sockets', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function storm(count: number, isGone: (n: number) => boolean = () => false): number[] {
    const admission = new Admission();
    const inside: number[] = [];
    for (let n = 0; n < count; n += 1)
      admission.ask(
        () => inside.push(n),
        () => isGone(n),
      );
    return inside;
  }

  it('lets a few in at once', () => {
    expect(storm(3)).toEqual([0, 1, 2]);
  });

  it('lets the others in by and by, in their order', async () => {
    const inside = storm(10);
    expect(inside).toEqual([0, 1, 2, 3]);
    await vi.advanceTimersByTimeAsync(10);
    expect(inside).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await vi.runAllTimersAsync();
    expect(inside).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('wastes no turn on who has gone', async () => {
    const inside = storm(12, (n) => n >= 2 && n < 10);
    expect(inside).toEqual([0, 1, 10, 11]);
    expect(vi.getTimerCount()).toBe(1);
    await vi.runAllTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps the pace when they come one by one', async () => {
    const admission = new Admission();
    let inside = 0;
    for (let n = 0; n < 100; n += 1) {
      admission.ask(
        () => (inside += 1),
        () => false,
      );
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(inside).toBeLessThanOrEqual(44);
  });
});
