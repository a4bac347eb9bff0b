import { describe, expect, it } from 'vitest';
import { formatMoney, formatMonth, monthBefore } from './money.js';

const plain = (text: string) => text.replaceAll(/[\u00A0\u202F\u200E\u200F\u061C]/g, ' ').trim();

describe('money', () => {
  it.each([
    ['0.0625', 'USD', 'en', true, '$0.0625'],
    ['0.50', 'USD', 'en', true, '$0.50'],
    ['12.345', 'USD', 'en', false, '$12.35'],
    ['586.330001', 'IDR', 'en', true, 'IDR 586.330001'],
    ['1234.5', 'EUR', 'es', false, '1234,50 €'],
    ['1234.5', 'BRL', 'pt-BR', false, 'R$ 1.234,50'],
  ])('%s %s is written in %s', (amount, currency, locale, isExact, written) => {
    expect(plain(formatMoney({ amount, currency }, locale, isExact))).toBe(written);
  });

  it('keeps digits that a float would lose, and Latin digits in Arabic', () => {
    expect(formatMoney({ amount: '90071992547409931.01', currency: 'USD' }, 'en')).toBe('$90,071,992,547,409,931.01');
    expect(plain(formatMoney({ amount: '1.25', currency: 'USD' }, 'ar', true))).toBe('1.25 USD');
  });
});

describe('a month', () => {
  it('is named, and others lie before it', () => {
    expect(formatMonth('2026-11', 'en')).toBe('November 2026');
    expect(formatMonth('2026-11', 'es')).toBe('noviembre de 2026');
    expect(monthBefore('2026-01', 1)).toBe('2025-12');
    expect(monthBefore('2026-11', 11)).toBe('2025-12');
  });
});
