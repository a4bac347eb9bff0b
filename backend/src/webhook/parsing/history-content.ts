import type {
  HistoryChunk,
  HistoryStatus,
  InboundEffect,
  PersonClaim,
} from '../../conversations/inbound/inbound-item.js';
import { amendmentOf, reactionOf } from './about-content.js';
import { eventTimeOf } from './event-time.js';
import { idAt, integerAt, type JsonObject, objectAt, waIdAt, wordAt, wordsAt } from './json-values.js';
import { contentOf, typeOf } from './message-content.js';
import { type ContactBook, recipientOf, senderOf } from './people.js';

const STATUSES: ReadonlyMap<string, HistoryStatus> = new Map([
  ['PENDING', 'sent'],
  ['SENT', 'sent'],
  ['DELIVERED', 'delivered'],
  ['READ', 'read'],
  ['PLAYED', 'played'],
  ['ERROR', 'failed'],
]);

/** How far a chunk is in the whole. (Meta: webhooks, field `history`, phases 0 to 2.) */
export function chunkOf(chunk: JsonObject): HistoryChunk | null {
  const metadata = objectAt(chunk, 'metadata');
  if (!metadata) return null;
  const between = (key: string, max: number): number => Math.min(max, Math.max(0, integerAt(metadata, key) ?? 0));
  return { phase: between('phase', 9), progress: between('progress', 100) };
}

/** Where a message of the history stands. */
export interface Recall {
  book: ContactBook;
  /** The customer whose thread a chunk has it in; a file that follows its placeholder names only its writer. */
  threadOf: string | null;
  ownNumber: string | null;
  chunk: HistoryChunk | null;
  at: Date;
}

/** A message of the history, or what it does to another: reactions, edits and deletions are in it as they were live. */
export function recalledOf(message: JsonObject, on: Recall): InboundEffect | string {
  const { book, threadOf, ownNumber, chunk, at } = on;
  const from = waIdAt(message, 'from');
  const isOurs = from !== null && (threadOf === null ? from === ownNumber : from !== threadOf);
  const person = personOf(message, book, isOurs, threadOf);
  const time = eventTimeOf(message, at);
  const type = typeOf(message);
  if (type === 'reaction') return reactionOf(message, isOurs ? null : person, time);
  if (type === 'edit' || type === 'revoke') return amendmentOf(type, message, time);
  return {
    kind: 'history',
    person,
    isOurs,
    time,
    message: contentOf(message),
    status: isOurs ? (STATUSES.get(statusOf(message)) ?? 'sent') : 'received',
    chunk,
  };
}

function personOf(message: JsonObject, book: ContactBook, isOurs: boolean, threadOf: string | null): PersonClaim {
  const said = isOurs ? recipientOf(message, book) : senderOf(message, book);
  return said.waId !== null || said.bsuid !== null || threadOf === null
    ? said
    : book.person({ bsuid: null, parentBsuid: null, waId: threadOf });
}

const statusOf = (message: JsonObject): string =>
  (wordAt(objectAt(message, 'history_context'), 'status') ?? '').toUpperCase();

/** An entry of the phone's address book; a text = it changes nothing here, and why. */
export function bookEntryOf(entry: JsonObject): Extract<InboundEffect, { kind: 'contact' }> | string {
  const contact = objectAt(entry, 'contact');
  if (wordAt(entry, 'type') !== 'contact' || !contact) return 'no contact';
  if (wordAt(entry, 'action') === 'remove') return 'the phone forgot this contact; what they said stays';
  const person: PersonClaim = {
    bsuid: idAt(contact, 'user_id'),
    parentBsuid: idAt(contact, 'parent_user_id'),
    waId: waIdAt(contact, 'phone_number'),
    name: null,
    username: idAt(contact, 'username'),
  };
  return { kind: 'contact', person, name: wordsAt(contact, 'full_name') ?? wordsAt(contact, 'first_name') };
}
