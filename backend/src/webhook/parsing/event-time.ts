import { toStorable } from '../../common/storable.js';
import type { EventTime } from '../../conversations/inbound/inbound-item.js';
import { get, integerAt, type JsonObject } from './json-values.js';

/** WhatsApp did not exist before. */
const EARLIEST_MS = Date.UTC(2009, 0, 1);
/** Clocks differ a little; more is not a clock. */
const MAX_AHEAD_MS = 5 * 60 * 1_000;
/** The year 9999: beyond, ISO 8601 has more digits. */
const LATEST_SECONDS = 253_402_300_799;
const MAX_ORIGINAL_CHARS = 64;

/**
 * Meta's `timestamp` in seconds, as text or number. What is absurd (not a number, before 2009, more than five minutes
 * ahead of us) becomes the receiving time, and what was said is kept.
 */
export function eventTimeOf(object: JsonObject | null, receivedAt: Date): EventTime {
  const said = get(object, 'timestamp');
  const seconds = typeof said === 'string' && said.trim() !== '' ? Number(said) : said;
  if (typeof seconds === 'number' && Number.isInteger(seconds)) {
    const ms = seconds * 1_000;
    if (ms >= EARLIEST_MS && ms <= receivedAt.getTime() + MAX_AHEAD_MS) return { at: new Date(ms), original: null };
  }
  const isTold = typeof said === 'string' || typeof said === 'number';
  return { at: receivedAt, original: isTold ? toStorable(String(said)).slice(0, MAX_ORIGINAL_CHARS) : null };
}

/** Seconds of an instant that may lie ahead, e.g. the end of a permission; null when it is none. */
export function instantAt(object: JsonObject | null, key: string): Date | null {
  const seconds = integerAt(object, key);
  return seconds !== null && seconds * 1_000 >= EARLIEST_MS && seconds <= LATEST_SECONDS
    ? new Date(seconds * 1_000)
    : null;
}
