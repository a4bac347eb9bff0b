import { formsOf } from '../phone-forms.js';

const MAX_TERMS = 8;
const MIN_PHONE_DIGITS = 3;
/** Below three characters a trigram index finds nothing inside a word: only beginnings of words are looked for. */
const MIN_INFIX_CHARS = 3;
/** What PostgreSQL cannot take in a text: NUL and halves of surrogate pairs. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
/** Meta's business-scoped user id and the parent's: the country, perhaps `ENT`, letters and digits. */
const USER_ID_FORM = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const PHONE_FORM = /^[+\d\s().\-/]+$/;

/** What a person typed into the search field, as the queries need it. */
export interface SearchTerms {
  /** Every one must be in the contact's name, number or username. */
  words: { text: string; isInfix: boolean }[];
  /** The digits in each form of the number, when it looks like one however it is written. */
  phoneForms: string[];
  /** The whole of it, when it looks like Meta's id of a user. */
  userId: string | null;
  /** Text for `to_tsquery`: every word, quoted, so that nothing in it is an operator. */
  tsquery: string;
  /** The same without the last word, which may still be being typed; null when there is no other. */
  tsqueryBefore: string | null;
}

/** Null when there is nothing to look for. */
export function parseSearch(typed: string): SearchTerms | null {
  const clean = typed.replace(UNSTORABLE, ' ').trim();
  const words = clean.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return null;
  const digits = clean.replace(/\D/g, '');
  const looksLikeNumber = PHONE_FORM.test(clean) && digits.length >= MIN_PHONE_DIGITS;
  const terms = words.slice(0, MAX_TERMS);
  return {
    words: terms.map((text) => ({ text, isInfix: [...text].length >= MIN_INFIX_CHARS })),
    phoneForms: looksLikeNumber ? formsOf(digits) : [],
    userId: USER_ID_FORM.test(clean) ? clean : null,
    tsquery: allOf(terms),
    tsqueryBefore: terms.length > 1 ? allOf(terms.slice(0, -1)) : null,
  };
}

const allOf = (terms: readonly string[]): string => terms.map(quoteLexeme).join(' & ');

const quoteLexeme = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
