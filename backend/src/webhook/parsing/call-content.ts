import type { InboundEffect } from '../../conversations/inbound/inbound-item.js';
import type { CallFacts } from '../../conversations/inbound/call-facts.js';
import { eventTimeOf, instantAt } from './event-time.js';
import { idAt, integerAt, type JsonObject, waIdAt, wordAt } from './json-values.js';
import { type ContactBook, recipientOf, senderOf } from './people.js';

type CallEffect = Extract<InboundEffect, { kind: 'call' }>;

/** One of `calls[]`; a text = it changes nothing that is shown, and why. */
export function callOf(call: JsonObject, book: ContactBook, receivedAt: Date): CallEffect | string {
  const event = wordAt(call, 'event');
  if (event !== 'connect' && event !== 'terminate') return `a call’s ${event ?? 'event without a name'}`;
  const isOurs = wordAt(call, 'direction') === 'BUSINESS_INITIATED';
  const person = isOurs ? recipientOf(call, book) : senderOf(call, book);
  const at = eventTimeOf(call, receivedAt).at;
  const direction = isOurs ? 'outbound' : 'inbound';
  if (event === 'connect') return { kind: 'call', person, facts: { direction, at: at.toISOString() } };
  const talkedAt = instantAt(call, 'start_time');
  const endedAt = instantAt(call, 'end_time');
  const seconds = integerAt(call, 'duration');
  const facts: CallFacts = {
    direction,
    at: notAfter(talkedAt, at).toISOString(),
    ...(talkedAt && { talkedAt: talkedAt.toISOString() }),
    endedAt: notAfter(endedAt, receivedAt, at).toISOString(),
    failed: wordAt(call, 'status') === 'FAILED',
    ...(seconds !== null && seconds >= 0 && { seconds }),
  };
  return { kind: 'call', person, facts };
}

/** One of `statuses[]` of a call: how the customer's phone takes a call of the business. */
export function callStatusOf(status: JsonObject, book: ContactBook, receivedAt: Date): CallEffect | string {
  const at = eventTimeOf(status, receivedAt).at.toISOString();
  const step = { RINGING: {}, ACCEPTED: { acceptedAt: at }, REJECTED: { declinedAt: at } }[
    (wordAt(status, 'status') ?? '').toUpperCase()
  ];
  if (!step) return 'a status of a call that moves nothing';
  const person = book.person({
    bsuid: idAt(status, 'recipient_user_id'),
    parentBsuid: idAt(status, 'recipient_parent_user_id'),
    waId: waIdAt(status, 'recipient_id'),
  });
  return { kind: 'call', person, facts: { direction: 'outbound', at, ...step } };
}

/** `time` unless it is unknown or later than `latest`. */
const notAfter = (time: Date | null, latest: Date, otherwise = latest): Date =>
  time !== null && time <= latest ? time : otherwise;
