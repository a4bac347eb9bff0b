import { describe, expect, it } from 'vitest';
import { likelyTimeZone } from './calling-codes.js';

describe('the likely time zone of a number', () => {
  it.each([
    ['+5511987654321', 'America/Sao_Paulo'],
    ['+595981234567', 'America/Asuncion'],
    ['12025550134', 'America/New_York'],
    ['+971501234567', 'Asia/Dubai'],
    ['+999123', null],
    [null, null],
    ['', null],
  ])('%s → %s', (phone, zone) => {
    expect(likelyTimeZone(phone)).toBe(zone);
    if (zone) expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  });
});
