import { InvalidRequestError } from '../conversations/conversation.errors.js';

/** Where a page of notifications ended; times of notifications are whole milliseconds. */
export interface NotificationPlace {
  at: Date;
  id: string;
}

const FORM = /^(\d{1,15})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** Opaque to clients: they only hand it back. */
export const encodeNotificationCursor = ({ at, id }: NotificationPlace): string => encode(`${at.getTime()}.${id}`);

/** @throws InvalidRequestError for what is not a cursor of ours */
export function decodeNotificationCursor(text: string): NotificationPlace {
  const match = FORM.exec(Buffer.from(text, 'base64url').toString());
  const [form = '', at = '', id = ''] = match ?? [];
  // Only what we wrote ourselves encodes back to the same text.
  if (!match || encode(form) !== text) throw new InvalidRequestError('cursor', 'is not a cursor of this list');
  return { at: new Date(Number(at)), id };
}
