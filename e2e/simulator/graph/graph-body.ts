import { readBody, type Exchange } from '../core/http.ts';
import { isJson, type Json } from '../core/json.ts';
import { badParameter } from './check.ts';

const MAX_BODY_BYTES = 1024 * 1024;
/** Parameters that are objects or lists. Graph takes each of them as JSON in a text as well, which some SDKs send. */
const STRUCTURED: ReadonlySet<string> = new Set([
  'audio',
  'block_users',
  'calling',
  'categories',
  'components',
  'contacts',
  'context',
  'document',
  'image',
  'interactive',
  'location',
  'reaction',
  'session',
  'sticker',
  'template',
  'text',
  'typing_indicator',
  'video',
]);

/** JSON or form fields, as Graph takes both. */
export async function readGraphBody({ request }: Exchange): Promise<Json> {
  const text = (await readBody(request, MAX_BODY_BYTES)).toString('utf8');
  if (text.trim() === '') return {};
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    return structured(Object.fromEntries(new URLSearchParams(text)));
  }
  const body = parsed(text);
  if (body === undefined) throw badParameter('The request body is not valid JSON.');
  if (!isJson(body)) throw badParameter('The request body must be a JSON object.');
  return structured(body);
}

function structured(body: Json): Json {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [
      key,
      typeof value === 'string' && STRUCTURED.has(key) ? (parsed(value) ?? value) : value,
    ]),
  );
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
