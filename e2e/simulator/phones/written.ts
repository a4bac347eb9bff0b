import { RequestError } from '../core/http.ts';
import { asJson, asText, isJson, type Json } from '../core/json.ts';
import { orderOf } from './ordering.ts';

/** The typed part of a message from what the page asks for: text, a reaction, or an answer to something the business sent. */
export function contentOf(body: Json): Json {
  const text = asText(body['text']);
  if (text !== undefined) {
    if (text.trim() === '' || [...text].length > 4_096)
      throw new RequestError(400, 'A message has 1 to 4,096 characters.');
    return { type: 'text', text: { body: text } };
  }
  if (isJson(body['media'])) return mediaOf(body['media']);
  if (isJson(body['location'])) return { type: 'location', location: body['location'] };
  if (isJson(body['order'])) return orderOf(body['order']);
  if (isJson(body['card'])) return { type: 'contacts', contacts: [body['card']] };
  const reaction = asJson(body['reaction']);
  const target = asText(reaction['messageId']);
  const emoji = asText(reaction['emoji']) ?? '';
  // Meta: a removed reaction comes without `emoji`.
  if (target !== undefined)
    return { type: 'reaction', reaction: { message_id: target, ...(emoji === '' ? {} : { emoji }) } };
  const change = changeOf(body);
  if (change) return change;
  const { kind, id, title, description, answers } = asJson(body['reply']);
  if (typeof id !== 'string' || typeof title !== 'string')
    throw new RequestError(400, 'Give text, a file, a reaction, an edit, a deletion or a reply.');
  if (kind === 'template') return { type: 'button', button: { payload: id, text: title } };
  if (kind === 'button')
    return { type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } };
  if (kind === 'call_permission') return interactive('call_permission_reply', permissionOf(id));
  if (kind === 'flow') {
    const given = { flow_token: id, ...asJson(answers) };
    return interactive('nfm_reply', { name: 'flow', body: title, response_json: JSON.stringify(given) });
  }
  if (kind === 'address') return interactive('nfm_reply', addressOf(id, title, asJson(answers)));
  const row = { id, title, ...(typeof description === 'string' ? { description } : {}) };
  return { type: 'interactive', interactive: { type: 'list_reply', list_reply: row } };
}

/** An edit `{ edit: { messageId, text } }` or a deletion `{ revoke: { messageId } }`; undefined when it is neither. */
export function changeOf(body: Json): Json | undefined {
  const edited = asText(asJson(body['edit'])['messageId']);
  if (edited !== undefined) {
    const message = contentOf({ text: asJson(body['edit'])['text'] });
    return { type: 'edit', edit: { original_message_id: edited, message } };
  }
  const revoked = asText(asJson(body['revoke'])['messageId']);
  return revoked === undefined ? undefined : { type: 'revoke', revoke: { original_message_id: revoked } };
}

const interactive = (type: string, reply: Json): Json => ({
  type: 'interactive',
  interactive: { type, [type]: reply },
});

/** An address that was filled in, or a saved one by its id. (Meta: address messages, the address that is sent back.) */
function addressOf(savedId: string, body: string, values: Json): Json {
  const given = { ...(savedId !== '' && { saved_address_id: savedId }), values };
  return { name: 'address_message', body, response_json: JSON.stringify(given) };
}

const PERMISSION_SECONDS = 7 * 24 * 3_600;

/** Whether the business may call; a yes holds for a week. */
const permissionOf = (response: string): Json => ({
  response,
  ...(response === 'accept' && { expiration_timestamp: String(Math.floor(Date.now() / 1_000) + PERMISSION_SECONDS) }),
  response_source: 'user_action',
});

const MEDIA_TYPES = new Set(['image', 'video', 'audio', 'document', 'sticker']);

/** `{ type, data (base64), mimeType, fileName?, caption?, voice? }` as a message of Meta's. */
function mediaOf(media: Json): Json {
  const type = asText(media['type']) ?? '';
  const data = asText(media['data']) ?? '';
  if (!MEDIA_TYPES.has(type) || data === '') throw new RequestError(400, 'Give a file and what it is.');
  const { mimeType, fileName, caption, voice, animated } = media;
  const part = {
    data,
    mime_type: asText(mimeType) ?? 'application/octet-stream',
    ...(type === 'document' && typeof fileName === 'string' ? { filename: fileName } : {}),
    ...(typeof caption === 'string' && caption !== '' ? { caption } : {}),
    ...(type === 'audio' ? { voice: voice === true } : {}),
    ...(type === 'sticker' ? { animated: animated === true } : {}),
  };
  return { type, [type]: part };
}
