import type { ConversationListQuery } from '@parley/contract';
import { InvalidRequestError } from './conversation.errors.js';

export type ListSort = ConversationListQuery['sort'];

/**
 * Where a page of conversations ended: the sort column in microseconds (a Date would lose three digits), and the id. The
 * order of priorities has a rank before both, from 0 for none to 4 for urgent.
 */
export interface ListPlace {
  sort: ListSort;
  keyMicros: number;
  id: string;
  rank: number | null;
}

/** Where a page of a thread ended, and the lowest `seq` that any page so far has shown. */
export interface ThreadPlace {
  eventSecond: number;
  seq: number;
  lowestSeq: number;
}

const LIST_FORM =
  /^(activity|oldest|waiting|window|priority)\.(\d{1,16})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.([0-4]))?$/;
const THREAD_FORM = /^(\d{1,12})\.(\d{1,15})\.(\d{1,15})$/;

/** Opaque to clients: they only hand it back. */
export const encodeListCursor = ({ sort, keyMicros, id, rank }: ListPlace): string =>
  encode(sort, keyMicros, id, ...(rank === null ? [] : [rank]));

/** @throws InvalidRequestError for what is not a cursor of ours, or one of another sort order */
export function decodeListCursor(text: string, sort: ListSort): ListPlace {
  const [, cursorSort, keyMicros, id, rank] = decode(text, LIST_FORM, 'cursor');
  const isOfOrder = cursorSort === sort && (rank !== undefined) === (sort === 'priority');
  if (!isOfOrder || id === undefined) throw new InvalidRequestError('cursor', 'belongs to another list');
  return { sort, keyMicros: Number(keyMicros), id, rank: rank === undefined ? null : Number(rank) };
}

export const encodeThreadCursor = (place: ThreadPlace): string => encode(place.eventSecond, place.seq, place.lowestSeq);

/** @throws InvalidRequestError for what is not a cursor of ours */
export function decodeThreadCursor(text: string): ThreadPlace {
  const [, eventSecond, seq, lowestSeq] = decode(text, THREAD_FORM, 'before');
  return { eventSecond: Number(eventSecond), seq: Number(seq), lowestSeq: Number(lowestSeq) };
}

const encode = (...parts: (string | number)[]): string => Buffer.from(parts.join('.')).toString('base64url');

function decode(text: string, form: RegExp, field: string): RegExpExecArray {
  const match = form.exec(Buffer.from(text, 'base64url').toString());
  // Only what we wrote ourselves encodes back to the same text: base64url decoding overlooks foreign characters.
  if (!match || encode(match[0]) !== text) throw new InvalidRequestError(field, 'is not a cursor of this list');
  return match;
}
