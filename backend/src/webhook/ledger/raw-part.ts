import { asObject, get, type JsonObject, objectAt, objectsAt } from '../parsing/json-values.js';

/**
 * The part of a body that is about this wamid, indented, in the envelope it came in: a body holds up to a thousand
 * updates, most of them about other customers. Null = nothing in it is.
 */
export function partOf(bytes: Uint8Array, wamid: string | null): string | null {
  if (wamid === null) return null;
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
  const parts = objectsAt(asObject(body), 'entry').flatMap((entry) =>
    objectsAt(entry, 'changes').flatMap((change) => {
      const value = objectAt(change, 'value');
      const found = value ? aboutOnly(value, wamid) : null;
      return found ? [{ field: get(change, 'field'), value: found }] : [];
    }),
  );
  if (parts.length === 0) return null;
  return JSON.stringify(parts.length === 1 ? parts[0] : parts, null, 2);
}

/** Of a change's value: whom it is for, and of each list only what has the wamid as its id. Null = none has. */
function aboutOnly(value: JsonObject, wamid: string): Record<string, unknown> | null {
  const about: [string, unknown][] = [];
  for (const [key, list] of Object.entries(value)) {
    if (!Array.isArray(list)) continue;
    const entries = list.filter((entry) => get(asObject(entry), 'id') === wamid);
    if (entries.length > 0) about.push([key, entries]);
  }
  if (about.length === 0) return null;
  return Object.fromEntries([['metadata', get(value, 'metadata')], ...about]);
}
