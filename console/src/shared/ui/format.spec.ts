import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  daysAgo,
  formatAgo,
  formatDate,
  formatDay,
  formatDuration,
  formatListTime,
  formatNumber,
  formatPercent,
} from './format.js';

// Built from local parts, so that the expectations hold in every time zone.
const now = new Date(2026, 10, 18, 14, 30).getTime(); // a Wednesday
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();

describe('days ago', () => {
  it('counts midnights, not spans of 24 hours', () => {
    expect(daysAgo(new Date(2026, 10, 17, 23, 59).getTime(), now)).toBe(1);
    expect(daysAgo(new Date(2026, 10, 18, 0, 1).getTime(), now)).toBe(0);
  });
});

describe('time of a list row', () => {
  it.each([
    ['today', at(2026, 10, 18, 9, 5), '09:05'],
    ['ahead of this clock', at(2026, 10, 18, 14, 31), '14:31'],
    ['yesterday', at(2026, 10, 17, 23, 0), 'yesterday'],
    ['this week', at(2026, 10, 15, 12, 0), 'Sun'],
    ['this year', at(2026, 2, 12, 12, 0), '12 Mar'],
    ['another year', at(2024, 2, 12, 12, 0), '12/03/24'],
  ])('%s', (_, iso, shown) => {
    expect(formatListTime(iso, now, 'en-GB')).toBe(shown);
  });
  it('keeps Latin digits in Arabic', () => {
    expect(formatListTime(at(2026, 2, 12, 12, 0), now, 'ar-EG')).toMatch(/12/);
  });
});

describe('day over a part of the thread', () => {
  it.each([
    [at(2026, 10, 18, 1, 0), 'Today'],
    [at(2026, 10, 17, 1, 0), 'Yesterday'],
    [at(2026, 10, 9, 1, 0), 'Monday 9 November'],
    [at(2025, 10, 9, 1, 0), 'Sunday 9 November 2025'],
  ])('%s is %s', (iso, shown) => {
    expect(formatDay(iso, now, 'en-GB').replace(',', '')).toBe(shown);
  });
});

describe('duration', () => {
  const minute = 60_000;
  it.each([
    [10_000, '1m'],
    [59 * minute, '59m'],
    [60 * minute, '1h'],
    [312 * minute, '5h 12m'],
    [23 * 60 * minute + 50 * minute, '23h'],
    [50 * 60 * minute, '2d'],
  ])('%i ms is %s', (ms, shown) => {
    expect(formatDuration(ms, 'en')).toBe(shown);
  });
});

describe('how long ago', () => {
  it.each([
    ['ahead of this clock', at(2026, 10, 18, 14, 31), 'now'],
    ['within a minute', at(2026, 10, 18, 14, 30), 'now'],
    ['minutes', at(2026, 10, 18, 14, 25), '5 minutes ago'],
    ['hours, over midnight too', at(2026, 10, 17, 14, 0), '24 hours ago'],
    ['days', at(2026, 10, 15, 14, 0), '3 days ago'],
  ])('%s', (_, iso, shown) => {
    expect(formatAgo(iso, now, 'en-GB')).toBe(shown);
  });
});

describe('the four languages', () => {
  const minute = 60_000;
  it.each([
    ['en', 'Monday, November 9', 'yesterday', '5h 12m'],
    ['es', 'lunes, 9 de noviembre', 'ayer', '5h 12min'],
    ['pt-BR', 'segunda-feira, 9 de novembro', 'ontem', '5 h 12 min'],
    ['ar', 'الاثنين، 9 نوفمبر', 'أمس', '5 س 12 د'],
  ])('%s writes days and spans as its readers do', (locale, day, yesterday, span) => {
    expect(formatDay(at(2026, 10, 9, 1, 0), now, locale)).toBe(day);
    expect(formatListTime(at(2026, 10, 17, 23, 0), now, locale)).toBe(yesterday);
    expect(formatDuration(312 * minute, locale)).toBe(span);
  });
});

describe('counts and shares', () => {
  it.each([
    ['en-GB', '10,000', '47%'],
    ['es', '10.000', '47 %'],
    ['pt-BR', '10.000', '47%'],
  ])('in %s', (locale, count, share) => {
    expect(formatNumber(10_000, locale)).toBe(count);
    expect(formatPercent(0.47, locale).replace('\u00a0', ' ')).toBe(share);
  });
  it('keep Latin digits in Arabic', () => {
    expect(formatNumber(10_000, 'ar-EG')).toBe('10,000');
    expect(formatPercent(0.47, 'ar-EG')).toContain('47');
  });
});

describe('the country of the browser', () => {
  afterEach(() => vi.unstubAllGlobals());
  const browser = (...languages: string[]) => vi.stubGlobal('navigator', { languages });

  it('decides the order of day and month', () => {
    browser('fr-FR', 'es-US');
    expect(formatListTime(at(2024, 2, 12, 12, 0), now, 'es')).toBe('12/03/24');
    browser('en-GB');
    expect(formatDate(at(2024, 2, 12, 12, 0), 'en')).toBe('12 March 2024');
  });
  it('does not bring in another calendar or other digits', () => {
    browser('ar-SA');
    expect(formatDate(at(2024, 2, 12, 12, 0), 'ar')).toMatch(/12.*2024/);
  });
});
