import type { SimulatorState } from '../state/simulator-state.ts';
import { createWamid, looksLikeWamid } from '../core/ids.ts';
import { asJson, asText, type Json } from '../core/json.ts';
import type { BusinessNumber } from '../options.ts';
import { customerForSend, digitsOf, type Customer } from '../state/customers.ts';
import type { SentMessage } from '../state/sent-log.ts';
import { badParameter, invalid } from './check.ts';
import { checkMessage, MEDIA_TYPES, type CheckedMessage } from './check-message.ts';
import { fillTemplate, type FilledTemplate } from './check-template.ts';
import { openingsOf, throughputOf } from '../state/limits.ts';
import { graphErrorOf } from './errors.ts';
import { kindAllows } from './media-types.ts';
import { pricingOf } from './pricing.ts';

const WINDOW_SECONDS = 24 * 3_600;

/** What became of a send: its answer, and the message that was accepted. */
export interface AcceptedSend {
  answer: Json;
  message: SentMessage;
}

/** A failure that comes later, as a `failed` status. */
export interface LateFailure {
  code: number;
  details?: string | undefined;
}

/** `POST /{phone}/messages` with `status: read`: marks as read, with the typing indicator if asked for. */
export function acceptReceipt(state: SimulatorState, number: BusinessNumber, body: Json): Json {
  if (body['messaging_product'] !== 'whatsapp') throw badParameter('The parameter messaging_product is required.');
  if (body['status'] !== 'read') throw badParameter("Param status must be one of {'READ'}.");
  const wamid = asText(body['message_id']);
  if (wamid === undefined) throw badParameter('The parameter message_id is required.');
  const customerKey = state.sent.customerOfInbound(wamid);
  if (customerKey === undefined && (state.behaviour.unknown === 'refuse' || !looksLikeWamid(wamid))) {
    throw invalid('Message id does not belong to a message that this number received in the last 30 days.');
  }
  const indicator = body['typing_indicator'];
  if (indicator !== undefined && asJson(indicator)['type'] !== 'text') {
    throw badParameter("Param typing_indicator['type'] must be one of {'TEXT'}.");
  }
  const receipt = { wamid, phoneNumberId: number.id, typing: indicator !== undefined, at: new Date().toISOString() };
  state.sent.addReceipt(receipt);
  state.events.emit('receipt', receipt, customerKey ?? '');
  return { success: true };
}

/** Accepts a send or throws Meta's error; `failure` makes an accepted one fail later. */
export function acceptSend(
  state: SimulatorState,
  number: BusinessNumber,
  body: Json,
  failure: LateFailure | undefined,
): AcceptedSend {
  const checked = checkMessage(body);
  if (number.isRegistered === false) throw graphErrorOf(133010);
  if (digitsOf(checked.address) === number.displayPhoneNumber) throw graphErrorOf(131021);
  const template =
    checked.type === 'template' ? fillTemplate(state.templates, number.businessAccountId, checked.content) : undefined;
  // Codes go to phones only (Meta: error 131062).
  if (template?.definition.category === 'AUTHENTICATION' && checked.isUserId) throw graphErrorOf(131062);
  const customer = customerForSend(state.customers, checked.address, checked.isUserId);
  if (state.blocks.has(number.id, customer)) throw graphErrorOf(130403);
  checkReactionTarget(state, checked);
  checkLimits(state, number, customer, checked);
  const late = failure ?? lateMediaFailure(state, checked) ?? checkWindow(state, number, customer, checked);
  const message = createMessage(state, number, customer, checked, template, body);
  state.sent.add(message);
  state.events.emit('sent', customer, message);
  state.statuses.begin(message, late);
  return { answer: answerFor(checked, customer, message), message };
}

function createMessage(
  state: SimulatorState,
  number: BusinessNumber,
  customer: Customer,
  checked: CheckedMessage,
  template: FilledTemplate | undefined,
  body: Json,
): SentMessage {
  return {
    wamid: createWamid('outbound', customer.key),
    to: checked.isUserId ? checked.address : digitsOf(checked.address),
    toPhone: !checked.isUserId,
    customerKey: customer.key,
    phoneNumberId: number.id,
    type: checked.type,
    body,
    at: new Date().toISOString(),
    pricing: pricingOf(state.serviceMessages, number.id, template?.definition.category),
    ...(template ? { templateText: template.text, template: template.shown } : {}),
  };
}

/** Meta: messages, response. A phone is answered with its `wa_id`, a user id with itself. */
function answerFor(checked: CheckedMessage, customer: Customer, message: SentMessage): Json {
  const contact = checked.isUserId
    ? { input: checked.address, user_id: checked.address }
    : { input: checked.address, wa_id: customer.waId ?? digitsOf(checked.address) };
  const paced = checked.type === 'template' ? { message_status: 'accepted' } : {};
  return { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id: message.wamid, ...paced }] };
}

/** Unknown targets, and reactions to reactions, are refused (131009). */
function checkReactionTarget(state: SimulatorState, checked: CheckedMessage): void {
  if (checked.type !== 'reaction') return;
  const target = asText(checked.content['message_id']) ?? '';
  const sent = state.sent.find(target);
  const isKnown = sent !== undefined || state.sent.customerOfInbound(target) !== undefined;
  const isRefused = !isKnown && (state.behaviour.unknown === 'refuse' || !looksLikeWamid(target));
  if (isRefused || sent?.type === 'reaction') throw invalid('Reaction: the message id is unknown or too old.');
}

function checkLimits(state: SimulatorState, number: BusinessNumber, customer: Customer, checked: CheckedMessage): void {
  const { pair, messagesPerSecond, openings } = state.behaviour.limits;
  const nowMs = Date.now();
  const perSecond = messagesPerSecond ?? throughputOf(number);
  if (perSecond > 0 && !state.limits.takeThroughput(number.id, perSecond, nowMs)) {
    throw graphErrorOf(130429);
  }
  if (pair && !state.limits.takePair(number.id, customer.key, nowMs)) throw graphErrorOf(131056);
  const perDay = openings ?? openingsOf(number);
  const isOpening = checked.type === 'template' && !hasOpenWindow(customer, number, nowMs);
  if (isOpening && perDay > 0 && !state.limits.takeOpening(number.businessAccountId, customer.key, perDay, nowMs)) {
    throw graphErrorOf(131048, 'The messaging limit of the business portfolio is used up.');
  }
}

/** Whether the customer is known to have written within the last 24 hours. */
function hasOpenWindow(customer: Customer, number: BusinessNumber, nowMs: number): boolean {
  const openedAt = customer.windowOpenedAt.get(number.id);
  return openedAt !== undefined && nowMs / 1_000 - openedAt < WINDOW_SECONDS;
}

/** The customer service window: free-form messages only within 24 hours of the customer's last one (131047). */
function checkWindow(
  state: SimulatorState,
  number: BusinessNumber,
  customer: Customer,
  checked: CheckedMessage,
): LateFailure | undefined {
  const { mode } = state.behaviour.window;
  if (mode === 'off' || checked.type === 'template') return undefined;
  const openedAt = customer.windowOpenedAt.get(number.id);
  const isOpen =
    openedAt === undefined ? state.behaviour.unknown === 'accept' : Date.now() / 1_000 - openedAt < WINDOW_SECONDS;
  if (isOpen) return undefined;
  if (mode === 'sync') throw graphErrorOf(131047);
  return { code: 131047 };
}

/** An uploaded file of a kind that the message type does not take fails after acceptance (131053). */
function lateMediaFailure(state: SimulatorState, checked: CheckedMessage): LateFailure | undefined {
  const id = asText(checked.content['id']);
  if (id === undefined || !MEDIA_TYPES.has(checked.type)) return undefined;
  const media = state.media.find(id);
  if (!media) {
    if (state.behaviour.unknown === 'refuse') throw invalid(`Media id ${id} does not exist.`);
    return undefined;
  }
  if (kindAllows(checked.type, media.mimeType)) return undefined;
  return { code: 131053, details: `Media of type ${media.mimeType} cannot be sent as ${checked.type}.` };
}
