import type { Conversation } from '@parley/contract';
import { toListQuery } from './list-query.js';

/** Without case and accents: `Jose` finds `José`. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const digits = (text: string): string => text.replace(/\D/gu, '');

/** Kept, as every key of a search looks through all that is known. */
const said = new WeakMap<Conversation, string>();

function wordsOf(conversation: Conversation): string {
  let words = said.get(conversation);
  if (words === undefined) {
    const { contact, tags } = conversation;
    words = plain([contact.name, contact.username ?? '', ...tags].join('\n'));
    said.set(conversation, words);
  }
  return words;
}

/**
 * The ids of those conversations known here that a search finds, by name, number, user name or tag: what can be shown while
 * the server is asked, which looks further.
 */
export function knownHits(conversations: readonly Conversation[], search: string): Set<string> {
  const { q = '', tag, priority } = toListQuery(search);
  const words = plain(q);
  const number = digits(q);
  const isNumber = number !== '' && /^[\d\s()+.-]+$/u.test(q);
  const fits = (one: Conversation): boolean =>
    (tag === undefined || one.tags.some((known) => plain(known) === plain(tag))) &&
    (priority === undefined || one.priority === priority) &&
    (wordsOf(one).includes(words) || (isNumber && digits(one.contact.phone ?? '').includes(number)));
  return new Set(conversations.filter(fits).map(({ id }) => id));
}
