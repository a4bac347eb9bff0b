import { clip, toStorable } from '../../common/storable.js';

/** An object of a parsed body: own properties only, whatever they are called. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Ids beyond this length cannot be index keys; no id of Meta's comes near it. */
const MAX_ID_CHARS = 1_000;

export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Own property `key`, so that neither `__proto__` nor `constructor` means anything. */
export function get(object: JsonObject | null, key: string): unknown {
  return object !== null && Object.hasOwn(object, key) ? object[key] : undefined;
}

export const objectAt = (object: JsonObject | null, key: string): JsonObject | null => asObject(get(object, key));

/** The objects of a list; whatever else stands there is skipped. */
export function objectsAt(object: JsonObject | null, key: string): JsonObject[] {
  const list = get(object, key);
  if (!Array.isArray(list)) return [];
  return list.map(asObject).filter((entry) => entry !== null);
}

export function textAt(object: JsonObject | null, key: string): string | null {
  const value = get(object, key);
  return typeof value === 'string' ? toStorable(value) : null;
}

/** Text that says something; blank is the same as absent. */
export function wordsAt(object: JsonObject | null, key: string): string | null {
  const text = textAt(object, key)?.trim();
  return text ? text : null;
}

/** `wordsAt`, clipped. */
export function wordAt(object: JsonObject | null, key: string, maxChars = 64): string | null {
  const words = wordsAt(object, key);
  return words === null ? null : clip(words, maxChars);
}

/** An id of Meta's: opaque, but never blank and never too long for a key. Whole numbers that JSON kept exact count. */
export function idAt(object: JsonObject | null, key: string): string | null {
  const value = get(object, key);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  const text = wordsAt(object, key);
  return text !== null && text.length <= MAX_ID_CHARS ? text : null;
}

/** A phone number as Meta's ids spell it: digits alone. */
export function waIdAt(object: JsonObject | null, key: string): string | null {
  const digits = idAt(object, key)?.replace(/\D/g, '');
  return digits ? digits : null;
}

export function integerAt(object: JsonObject | null, key: string): number | null {
  const value = get(object, key);
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

export const flagAt = (object: JsonObject | null, key: string): boolean => get(object, key) === true;
