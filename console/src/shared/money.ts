import type { Money } from '@parley/contract';

const formats = new Map<string, Intl.NumberFormat>();
const months = new Map<string, Intl.DateTimeFormat>();

/** Latin digits and the other end's calendar, as everywhere on the screen. */
const localeOf = (locale: string): string =>
  new Intl.Locale(locale, { numberingSystem: 'latn', calendar: 'gregory' }).toString();

/**
 * An amount as the agent's language writes it. The text is taken digit by digit, never as a float. A price of one message
 * (`isExact`) shows all its places, a sum is rounded once, to those of its currency.
 */
export function formatMoney({ currency, amount }: Money, locale: string, isExact = false): string {
  const id = `${locale}|${currency}|${String(isExact)}`;
  let format = formats.get(id);
  if (!format) {
    const places = isExact ? { minimumFractionDigits: 2, maximumFractionDigits: 6 } : {};
    // A sign such as US$ falls apart between words that run from right to left.
    const currencyDisplay = locale === 'ar' ? 'code' : 'symbol';
    format = new Intl.NumberFormat(localeOf(locale), { style: 'currency', currency, currencyDisplay, ...places });
    formats.set(id, format);
  }
  return format.format(amount as `${number}`);
}

/** `2026-11` as `November 2026`. */
export function formatMonth(month: string, locale: string): string {
  let format = months.get(locale);
  if (!format) {
    format = new Intl.DateTimeFormat(localeOf(locale), { month: 'long', year: 'numeric', timeZone: 'UTC' });
    months.set(locale, format);
  }
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

/** The month that lies so many months before another: `2026-01`, 1 → `2025-12`. */
export function monthBefore(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 - count)).toISOString().slice(0, 7);
}
