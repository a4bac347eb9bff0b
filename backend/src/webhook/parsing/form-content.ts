import type { FormReply } from '@parley/contract';
import { clip, toStorable } from '../../common/storable.js';
import { asObject, type JsonObject, textAt, wordAt } from './json-values.js';

const MAX_ANSWERS = 200;
const MAX_DEPTH = 5;
const MAX_KEY_CHARS = 200;
const MAX_VALUE_CHARS = 4_096;
/** Names the flow's run to the business; it is no answer. */
const TOKEN = 'flow_token';

/** What a form's reply says: `response_json` is JSON inside a string, made by whoever built the flow (Meta: flows, response). */
export function formOf(reply: JsonObject | null): FormReply {
  const name = wordAt(reply, 'name');
  const text = textAt(reply, 'response_json');
  const parsed = text === null ? null : parsedObject(text);
  if (text === null || parsed !== null) return { name, answers: parsed ? answersOf(parsed) : [], raw: null };
  return { name, answers: [], raw: clip(text, MAX_VALUE_CHARS) };
}

/** The answers as words, for search and for the row of a list. */
export const wordsOfForm = ({ answers, raw }: FormReply): string => raw ?? answers.map(({ value }) => value).join(', ');

function parsedObject(text: string): JsonObject | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function answersOf(form: JsonObject): FormReply['answers'] {
  const answers: FormReply['answers'] = [];
  const add = (key: string, value: unknown, depth: number): void => {
    if (answers.length >= MAX_ANSWERS || value === null || value === undefined) return;
    const words = wordsOf(value);
    if (words !== null) answers.push({ key, value: clip(toStorable(words), MAX_VALUE_CHARS) });
    else if (typeof value === 'object' && depth < MAX_DEPTH) {
      for (const [name, one] of Object.entries(value)) add(`${key}.${keyOf(name)}`, one, depth + 1);
    }
  };
  for (const [name, value] of Object.entries(form)) if (name !== TOKEN) add(keyOf(name), value, 1);
  return answers;
}

const keyOf = (name: string): string => clip(toStorable(name), MAX_KEY_CHARS);

/** A plain answer, or several that were ticked. */
function wordsOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return null;
  const words = value.filter((one) => one !== null).map(wordsOf);
  return words.every((one) => one !== null) ? words.join(', ') : null;
}
