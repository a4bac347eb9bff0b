import { z } from '@parley/contract';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};
const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'an id (UUID)',
  email: 'an e-mail address',
  url: 'an address (URL)',
  datetime: 'a time in ISO 8601',
};

type Issue = z.core.$ZodRawIssue;

/** A limit as a sentence goes on after the name of the field: texts by characters, lists by entries, numbers as such. */
function limitWords(origin: string, word: 'most' | 'least', limit: number | bigint, isIncluded: boolean): string {
  if (origin === 'string')
    return `must have at ${word} ${String(limit)} ${Number(limit) === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set')
    return `must have at ${word} ${String(limit)} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  if (!isIncluded) return `must be ${word === 'most' ? 'less' : 'more'} than ${String(limit)}`;
  return `must be at ${word} ${String(limit)}`;
}

/**
 * What a refused field has to be, in words for people who read the API's answers. Rules with words of their own keep
 * them; for what is not foreseen here the library's own words stand (undefined).
 */
export function wordsOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'too_big':
      return limitWords(issue.origin, 'most', issue.maximum, issue.inclusive !== false);
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return limitWords(issue.origin, 'least', issue.minimum, issue.inclusive !== false);
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_format':
      return FORMATS[issue.format] ? `must be ${FORMATS[issue.format] ?? ''}` : 'is not written as it should be';
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has what is not known here: ${issue.keys.join(', ')}`;
    default:
      return undefined;
  }
}

/** From here on every schema says what is wrong in these words. */
export function speakPlainly(): void {
  z.config({ customError: wordsOf });
}
