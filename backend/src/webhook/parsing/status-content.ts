import { clip, toStorable } from '../../common/storable.js';
import {
  statusSteps,
  type CallbackTarget,
  type StatusError,
  type StatusPricing,
  type StatusReport,
  type StatusStep,
} from '../../conversations/statuses/status-report.js';
import { eventTimeOf, instantAt } from './event-time.js';
import {
  asObject,
  get,
  idAt,
  integerAt,
  type JsonObject,
  objectAt,
  objectsAt,
  wordAt,
  wordsAt,
} from './json-values.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_VALUE_CHARS = 64;
const MAX_ERRORS = 10;
const MAX_ERROR_CHARS = 1_000;
const MAX_PRICING_KEYS = 20;

const isStep = (value: string): value is StatusStep => (statusSteps as readonly string[]).includes(value);

/** A status about a message of ours; null when it names none. */
export function reportOf(status: JsonObject, receivedAt: Date): StatusReport | null {
  const wamid = idAt(status, 'id');
  const value = wordAt(status, 'status');
  if (wamid === null || value === null) return null;
  const step = isStep(value) ? value : null;
  const freeUntil = freeUntilOf(status);
  return {
    wamid,
    participant: idAt(status, 'recipient_participant_user_id') ?? idAt(status, 'recipient_participant_id') ?? '',
    step,
    value,
    at: eventTimeOf(status, receivedAt).at,
    errors: errorsOf(status),
    pricing: pricingOf(objectAt(status, 'pricing')),
    callback: callbackOf(get(status, 'biz_opaque_callback_data')),
    ...(freeUntil && { freeUntil }),
  };
}

/** Of a free entry point `conversation` is told still; of any other its end is only that of the old price model's day. */
function freeUntilOf(status: JsonObject): Date | null {
  const conversation = objectAt(status, 'conversation');
  const isFreeEntry =
    wordAt(objectAt(conversation, 'origin'), 'type') === 'referral_conversion' ||
    wordAt(objectAt(status, 'pricing'), 'type') === 'free_entry_point';
  return isFreeEntry ? instantAt(conversation, 'expiration_timestamp') : null;
}

/** `errors[]` of a status or of a value. */
export const errorsOf = (object: JsonObject): StatusError[] =>
  objectsAt(object, 'errors').slice(0, MAX_ERRORS).map(errorOf);

export function errorOf(error: JsonObject): StatusError {
  const short = (text: string | null) => (text === null ? null : clip(text, MAX_ERROR_CHARS));
  const code = integerAt(error, 'code');
  return {
    code: code !== null && Math.abs(code) < 2 ** 31 ? code : null,
    title: short(wordsAt(error, 'title') ?? wordsAt(error, 'message')),
    detail: short(wordsAt(objectAt(error, 'error_data'), 'details')),
  };
}

/** Plain values only, whatever keys Meta adds. */
function pricingOf(pricing: JsonObject | null): StatusPricing | null {
  if (!pricing) return null;
  const plain: StatusPricing = {};
  for (const [key, value] of Object.entries(pricing).slice(0, MAX_PRICING_KEYS)) {
    const name = clip(toStorable(key), MAX_VALUE_CHARS);
    if (typeof value === 'string') plain[name] = clip(toStorable(value), MAX_VALUE_CHARS);
    else if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) plain[name] = value;
  }
  return Object.keys(plain).length > 0 ? plain : null;
}

/** The data that our sender attached (`{"c": conversation, "m": message, "a": attempt}`); foreign ones mean nothing. */
function callbackOf(data: unknown): CallbackTarget | null {
  if (typeof data !== 'string' || data.length > 512) return null;
  try {
    const told = asObject(JSON.parse(data));
    const conversationId = wordsAt(told, 'c');
    const messageId = wordsAt(told, 'm');
    if (!conversationId || !messageId || !UUID.test(conversationId) || !UUID.test(messageId)) return null;
    return { conversationId, messageId, attempt: Math.min(Math.max(integerAt(told, 'a') ?? 0, 0), 2 ** 31 - 1) };
  } catch {
    return null;
  }
}
