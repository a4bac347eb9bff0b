import { describe, expect, it } from 'vitest';
import { snoozeChoices, toLocalField } from './snooze-times.js';

const offered = (now: Date): string[] => snoozeChoices(now).map(({ key, until }) => `${key} ${toLocalField(until)}`);

describe('moments to snooze until', () => {
  it('are later today, tomorrow morning and Monday on a Wednesday at noon', () => {
    expect(offered(new Date(2026, 10, 18, 12, 20))).toEqual([
      'laterToday 2026-11-18T15:00',
      'tomorrow 2026-11-19T09:00',
      'monday 2026-11-23T09:00',
    ]);
  });
  it('leave out a later today that would be night', () => {
    expect(offered(new Date(2026, 10, 18, 19, 0))[0]).toBe('tomorrow 2026-11-19T09:00');
    expect(offered(new Date(2026, 10, 18, 23, 30))[0]).toBe('tomorrow 2026-11-19T09:00');
  });
  it('offer Monday once when it is tomorrow, and the next one on a Monday', () => {
    expect(offered(new Date(2026, 10, 22, 12))).toEqual(['laterToday 2026-11-22T15:00', 'tomorrow 2026-11-23T09:00']);
    expect(offered(new Date(2026, 10, 23, 21))).toEqual(['tomorrow 2026-11-24T09:00', 'monday 2026-11-30T09:00']);
  });
});
