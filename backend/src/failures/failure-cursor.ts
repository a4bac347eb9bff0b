import { InvalidRequestError } from '../conversations/conversation.errors.js';

/** Where a page of a group ended. */
export interface FailurePlace {
  /** Microseconds since 1970. */
  atMicros: number;
  id: string;
}

const FORM = /^(\d{1,16})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

const encode = (text: string): string => Buffer.from(text).toString('base64url');

/** Opaque to clients: they only hand it back. */
export const encodeFailureCursor = ({ atMicros, id }: FailurePlace): string => encode(`${String(atMicros)}.${id}`);

/** @throws InvalidRequestError for what is not a cursor of ours */
export function decodeFailureCursor(text: string): FailurePlace {
  const match = FORM.exec(Buffer.from(text, 'base64url').toString());
  const [form = '', at = '', id = ''] = match ?? [];
  // Only what we wrote ourselves encodes back to the same text.
  if (!match || encode(form) !== text) throw new InvalidRequestError('cursor', 'is not a cursor of this list');
  return { atMicros: Number(at), id };
}
