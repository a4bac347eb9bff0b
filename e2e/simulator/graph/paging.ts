import type { Json } from '../core/json.ts';

/** One page of a list with Graph's cursors, which are opaque to the caller. */
export function page(items: Json[], query: URLSearchParams): Json {
  const limit = Math.min(Math.max(1, Number(query.get('limit') ?? 25) || 25), 1_000);
  const after = query.get('after');
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString()) || 0;
  const data = items.slice(start, start + limit);
  if (data.length === 0) return { data };
  const cursor = (position: number): string => Buffer.from(String(position)).toString('base64url');
  const end = start + data.length;
  const cursors = { before: cursor(start), after: cursor(end) };
  // Meta names the whole address; callers that follow it would send their token wherever it points.
  const next = `https://graph.facebook.com/next?after=${cursors.after}`;
  return { data, paging: { cursors, ...(end < items.length && { next }) } };
}
