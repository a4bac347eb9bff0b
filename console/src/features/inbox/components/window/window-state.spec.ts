import { describe, expect, it } from 'vitest';
import { isWindowOpen, windowState } from './window-state.js';

const now = Date.UTC(2026, 10, 18, 12);
const minute = 60_000;
const hour = 60 * minute;
const after = (ms: number): string => new Date(now + ms).toISOString();

describe('customer service window', () => {
  it.each([
    [24 * hour, 'open'],
    [6 * hour + 1_000, 'open'],
    [6 * hour, 'soon'],
    [hour + 1, 'soon'],
    [59 * minute, 'last-hour'],
    [1, 'last-hour'],
    [0, 'closed'],
    [-3 * hour, 'closed'],
  ])('%i ms before its end it is %s', (ms, phase) => {
    const state = windowState(after(ms), now);
    expect(state.phase).toBe(phase);
    expect(isWindowOpen(state)).toBe(phase !== 'closed');
  });
  it('never opened without a message of the customer', () => {
    expect(windowState(null, now).phase).toBe('never');
    expect(isWindowOpen(windowState(null, now))).toBe(false);
  });
  it('shows the share that is left', () => {
    expect(windowState(after(12 * hour), now).fractionLeft).toBe(0.5);
    expect(windowState(after(30 * hour), now).fractionLeft).toBe(1);
  });
});
