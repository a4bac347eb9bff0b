/**
 * Dates, times and durations in the agent's language. Digits are Latin in every language, so that times, counts and
 * phone numbers on one screen agree; formatters are kept, because making one costs more than a hundred uses.
 */
const cache = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();
const relatives = new Map<string, Intl.RelativeTimeFormat>();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The console's language as the agent's country writes it (`en` for a British browser is `en-GB`: day before month),
 * with Latin digits and in the calendar that the other end of a conversation uses too.
 */
function regional(locale: string): string {
  const preferred = globalThis.navigator?.languages ?? [];
  const own = locale.includes('-') ? undefined : preferred.find((tag) => tag.startsWith(`${locale}-`));
  return new Intl.Locale(own ?? locale, { numberingSystem: 'latn', calendar: 'gregory' }).toString();
}

function dateFormat(locale: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${locale}|${key}`;
  let format = cache.get(id);
  if (!format) {
    format = new Intl.DateTimeFormat(regional(locale), options);
    cache.set(id, format);
  }
  return format;
}

function numberFormat(locale: string, key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = `${locale}|${key}`;
  let format = numbers.get(id);
  if (!format) {
    format = new Intl.NumberFormat(regional(locale), options);
    numbers.set(id, format);
  }
  return format;
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** Whole calendar days from `time` to `now`, in the agent's time zone; 0 = today. Rounded, as a day may have 23 hours. */
export function daysAgo(time: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(time)) / DAY_MS);
}

/** 14:05, on the 24-hour clock in every language: shorter, and nobody takes 2:05 for the other one. */
export function formatClock(iso: string, locale: string): string {
  return dateFormat(locale, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));
}

/** Date and time in full, for tooltips and details. */
export function formatMoment(iso: string, locale: string): string {
  return dateFormat(locale, 'moment', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    second: '2-digit',
  }).format(new Date(iso));
}

/** Day and time without seconds: `Mon, 24 Nov, 09:00`. */
export function formatDayTime(iso: string, locale: string): string {
  return dateFormat(locale, 'day-time', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** Weekday and clock in another time zone: `Thu 11:01`. */
export function formatTimeThere(time: number, timeZone: string, locale: string): string {
  return dateFormat(locale, `there-${timeZone}`, {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(time);
}

/** A calendar date: `24 November 2026`. */
export function formatDate(iso: string, locale: string): string {
  return dateFormat(locale, 'date', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso));
}

/** The time of a list row: a clock today, then "yesterday", a weekday, a date. */
export function formatListTime(iso: string, now: number, locale: string): string {
  const date = new Date(iso);
  const days = daysAgo(date.getTime(), now);
  if (days <= 0) return formatClock(iso, locale);
  if (days === 1) return relativeDay(-1, locale);
  if (days < 7) return dateFormat(locale, 'weekday', { weekday: 'short' }).format(date);
  if (date.getFullYear() === new Date(now).getFullYear()) {
    return dateFormat(locale, 'day-month', { day: 'numeric', month: 'short' }).format(date);
  }
  return dateFormat(locale, 'short-date', { day: '2-digit', month: '2-digit', year: '2-digit' }).format(date);
}

/** The day over a part of the thread: "Today", "Yesterday", `Monday 16 November`, with the year when it is another. */
export function formatDay(iso: string, now: number, locale: string): string {
  const date = new Date(iso);
  const days = daysAgo(date.getTime(), now);
  if (days === 0 || days === 1) return capitalised(relativeDay(-days, locale), locale);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return dateFormat(locale, sameYear ? 'day' : 'day-year', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date);
}

/** How long ago something was, in its greatest unit: `now`, `5 minutes ago`, `3 days ago`. What is still ahead is now. */
export function formatAgo(iso: string, now: number, locale: string): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(iso)) / MINUTE_MS));
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return relative(0, 'second', locale);
  if (hours === 0) return relative(-minutes, 'minute', locale);
  return hours < 48 ? relative(-hours, 'hour', locale) : relative(-Math.floor(hours / 24), 'day', locale);
}

/** How long something lasts, in its two greatest units at most: `23h`, `5h 12m`, `42m`, `2d`. Never less than `1m`. */
export function formatDuration(ms: number, locale: string): string {
  const minutes = Math.max(1, Math.floor(ms / MINUTE_MS));
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return amount(Math.floor(hours / 24), 'day', locale);
  if (hours >= 10) return amount(hours, 'hour', locale);
  if (hours === 0) return amount(minutes, 'minute', locale);
  const rest = minutes % 60;
  return rest === 0
    ? amount(hours, 'hour', locale)
    : `${amount(hours, 'hour', locale)} ${amount(rest, 'minute', locale)}`;
}

/** Seconds with a tenth, where tenths tell something: `0.4s`. Never less than `0.1s`. */
export const formatSeconds = (ms: number, locale: string): string =>
  amount(Math.max(1, Math.round(ms / 100)) / 10, 'second', locale);

/** `2,000`, with at most three decimals. */
export const formatNumber = (value: number, locale: string): string => numberFormat(locale, 'number', {}).format(value);

/** `47%`, of a share between 0 and 1. */
export const formatPercent = (share: number, locale: string): string =>
  numberFormat(locale, 'percent', { style: 'percent' }).format(share);

function amount(value: number, unit: 'day' | 'hour' | 'minute' | 'second', locale: string): string {
  return numberFormat(locale, unit, { style: 'unit', unit, unitDisplay: 'narrow' }).format(value);
}

const relativeDay = (days: number, locale: string): string => relative(days, 'day', locale);

function relative(count: number, unit: 'day' | 'hour' | 'minute' | 'second', locale: string): string {
  let format = relatives.get(locale);
  if (!format) {
    format = new Intl.RelativeTimeFormat(regional(locale), { numeric: 'auto' });
    relatives.set(locale, format);
  }
  return format.format(count, unit);
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
