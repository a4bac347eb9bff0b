/** A JSON object whose content nobody has checked yet. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is a JSON object, else an empty one: for reading optional parts of a body. */
export function asJson(value: unknown): Json {
  return isJson(value) ? value : {};
}

/** The objects of a list; anything else in it is left out. */
export function asJsonList(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** A string or number as text, everything else as undefined (Meta writes some ids either way). */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The object without its undefined and null entries: on Meta's wire an absent value is an absent key. */
export function withoutEmpty(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined && item !== null));
}
