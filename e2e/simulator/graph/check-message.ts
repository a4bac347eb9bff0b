import { asJsonList, asText, isJson, type Json } from '../core/json.ts';
import { digitsOf } from '../state/customers.ts';
import { badParameter, invalid, missing, needObject, needText, optionalText } from './check.ts';
import { checkAddressee } from './check-address.ts';
import { checkInteractive } from './check-interactive.ts';
import { GraphError } from './errors.ts';

/** Keys that a send may have at its top (Meta: Cloud API, messages); anything else is refused as misspelt. */
const ENVELOPE_KEYS = new Set([
  'messaging_product',
  'recipient_type',
  'to',
  'recipient',
  'type',
  'context',
  'biz_opaque_callback_data',
  'recipient_identity_key_hash',
  'messaging_account_id',
]);
/** Message types that carry a file. */
export const MEDIA_TYPES: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'document', 'sticker']);
const TYPES = new Set([...MEDIA_TYPES, 'text', 'location', 'contacts', 'reaction', 'interactive', 'template']);

/** A send whose envelope is sound: who it goes to, of which type, with which content. */
export interface CheckedMessage {
  /** As written by the sender. */
  address: string;
  isUserId: boolean;
  type: string;
  content: Json;
}

/** Checks a send as the Cloud API does, without knowing its state; throws a `GraphError` with Meta's code. */
export function checkMessage(body: Json): CheckedMessage {
  if (body['messaging_product'] === undefined) throw badParameter('The parameter messaging_product is required.');
  if (asText(body['messaging_product'])?.toLowerCase() !== 'whatsapp') {
    throw badParameter("Param messaging_product must be one of {'WHATSAPP'}.");
  }
  const type = asText(body['type']) ?? 'text';
  if (!TYPES.has(type)) {
    throw badParameter(`Param type must be one of {${[...TYPES].join(', ').toUpperCase()}} - got "${type}".`);
  }
  for (const key of Object.keys(body)) {
    if (!ENVELOPE_KEYS.has(key) && key !== type && body[key] !== null) throw badParameter(`Unexpected key "${key}".`);
  }
  const callbackData = body['biz_opaque_callback_data'];
  if (callbackData !== undefined && (typeof callbackData !== 'string' || callbackData.length > 512)) {
    throw badParameter('Param biz_opaque_callback_data must be a string of at most 512 characters.');
  }
  checkContext(body);
  const recipient = checkRecipient(body);
  const content = checkContent(body, type);
  if (type === 'interactive') checkAddressee(content, recipient.address, recipient.isUserId);
  return { ...recipient, type, content };
}

function checkContext(body: Json): void {
  const context = body['context'];
  if (context === undefined || context === null) return;
  if (!isJson(context) || asText(context['message_id']) === undefined) {
    throw badParameter('The parameter context[message_id] is required.');
  }
}

function checkRecipient(body: Json): { address: string; isUserId: boolean } {
  if (body['recipient_type'] === 'group') throw invalid('This number takes part in no group.');
  const to = asText(body['to']);
  const recipient = asText(body['recipient']);
  if (to !== undefined && to !== '') {
    const digits = digitsOf(to).length;
    if (!/^[+\d][\d\s().-]*$/.test(to) || digits < 5 || digits > 15) throw invalid(`'to' is not a phone number: ${to}`);
    return { address: to, isUserId: false };
  }
  if (recipient === undefined || recipient === '') throw badParameter('The parameter to is required.');
  if (!/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(recipient)) {
    throw invalid(`'recipient' is not a business-scoped user id: ${recipient}`);
  }
  return { address: recipient, isUserId: true };
}

function checkContent(body: Json, type: string): Json {
  if (type === 'contacts') return checkContacts(body);
  if (body[type] === undefined || body[type] === null) throw missing(type);
  const content = needObject(body, type, type);
  if (type === 'text') checkText(content);
  else if (MEDIA_TYPES.has(type)) checkMedia(content, type);
  else if (type === 'location') checkLocation(content);
  else if (type === 'reaction') checkReaction(content);
  else if (type === 'interactive') checkInteractive(content);
  else checkTemplateEnvelope(content);
  return content;
}

function checkText(content: Json): void {
  const body = content['body'];
  if (body === undefined || body === null || body === '') throw badParameter("The parameter text['body'] is required.");
  if (typeof body !== 'string' || [...body].length > 4_096) {
    throw badParameter("Param text['body'] must be at most 4096 characters long.");
  }
}

function checkMedia(content: Json, type: string): void {
  const hasId = asText(content['id']) !== undefined;
  const link = asText(content['link']);
  if (hasId === (link !== undefined)) throw missing(`${type}: exactly one of id and link`);
  if (link !== undefined && !/^https?:\/\/[^\s/]+/.test(link)) throw invalid(`'${type}.link' is not a URL.`);
  const caption = optionalText(content, 'caption', `${type}.caption`, 1_024);
  if (caption !== undefined && (type === 'audio' || type === 'sticker'))
    throw badParameter(`Unexpected key "caption" on param "${type}".`);
}

function checkLocation(content: Json): void {
  for (const [key, limit] of [
    ['latitude', 90],
    ['longitude', 180],
  ] as const) {
    if (content[key] === undefined) throw missing(`location.${key}`);
    const value = Number(content[key]);
    if (!(Math.abs(value) <= limit)) throw invalid(`'location.${key}' is out of range.`);
  }
}

function checkReaction(content: Json): void {
  needText(content, 'message_id', 'reaction.message_id', 4_096);
  if (typeof content['emoji'] !== 'string') throw missing('reaction.emoji');
}

function checkContacts(body: Json): Json {
  const cards = asJsonList(body['contacts']);
  if (cards.length === 0) throw missing('contacts');
  for (const card of cards) {
    const name = needObject(card, 'name', 'contacts.name');
    needText(name, 'formatted_name', 'contacts.name.formatted_name', 4_096);
    if (Object.keys(name).length < 2) throw missing('contacts.name: one more name part beside formatted_name');
  }
  return { cards };
}

function checkTemplateEnvelope(content: Json): void {
  needText(content, 'name', 'template.name', 512);
  const language = needObject(content, 'language', 'template.language');
  needText(language, 'code', 'template.language.code', 32);
  if (content['components'] !== undefined && !Array.isArray(content['components'])) {
    throw new GraphError(132012, "'template.components' must be a list.");
  }
}
