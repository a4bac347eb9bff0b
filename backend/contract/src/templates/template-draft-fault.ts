import type { TemplateDraft } from './template-draft.js';
import { valueOf, variableNames, type VariableValues } from './template-variables.js';

/* What can be wrong with the texts of a template that is being written. No schema here, as in `template-draft-faults`. */

export type DraftProblem =
  | 'missing'
  | 'too_long'
  | 'too_many'
  | 'too_few'
  | 'name'
  | 'language'
  | 'edge'
  | 'adjacent'
  | 'numbering'
  | 'variable_name'
  | 'variable'
  | 'line_break'
  | 'url'
  | 'phone'
  | 'order'
  | 'minutes'
  | 'package'
  | 'signature'
  | 'terms'
  | 'offer_buttons'
  | 'product_buttons'
  | 'shape'
  | 'not_here';

/** `over`: characters or pieces beyond the limit. */
export interface DraftFault {
  /**
   * As in the request: `name`, `body.text`, `body.samples.1`, `header.fileId`, `buttons.2.url`, `code.buttonText`,
   * `offer.text`, `cards.0.header.fileId` …
   */
  path: string;
  problem: DraftProblem;
  over?: number;
}

const VARIABLE = String.raw`\{\{\s*[A-Za-z0-9_]+\s*\}\}`;
const AT_EDGE = new RegExp(`^\\s*${VARIABLE}|${VARIABLE}\\s*$`);
const ADJACENT = new RegExp(`${VARIABLE}\\s*${VARIABLE}`);
/** Braces that are no variable: a name with other characters, or one brace too few. */
const ODD_BRACES = /\{\{|\}\}/;
const ALL_VARIABLES = new RegExp(VARIABLE, 'g');

export const fault = (path: string, problem: DraftProblem): DraftFault => ({ path, problem });

export const tooLong = (path: string, text: string, limit: number): DraftFault[] =>
  text.length > limit ? [{ path, problem: 'too_long', over: text.length - limit }] : [];

export const needed = (path: string, text: string, limit: number): DraftFault[] =>
  text.trim() === '' ? [fault(path, 'missing')] : tooLong(path, text, limit);

export const tooMany = (path: string, over: number): DraftFault[] =>
  over > 0 ? [{ path, problem: 'too_many', over }] : [];

/** Text that takes no variable, and where it is asked for no second line. */
export const plainFaults = (path: string, text: string, { oneLine = true } = {}): DraftFault[] => [
  ...(oneLine && /\n/.test(text) ? [fault(path, 'line_break')] : []),
  ...(ODD_BRACES.test(text) ? [fault(path, 'variable')] : []),
];

/** A text of several lines with its samples: of the template, or of one of its cards. */
export const writtenFaults = (
  path: string,
  { text, samples }: TemplateDraft['body'],
  format: TemplateDraft['parameterFormat'],
  limit: number,
): DraftFault[] => [
  ...needed(`${path}.text`, text, limit),
  ...(AT_EDGE.test(text) ? [fault(`${path}.text`, 'edge')] : []),
  ...(ADJACENT.test(text) ? [fault(`${path}.text`, 'adjacent')] : []),
  ...variableFaults(`${path}.text`, text, format),
  ...sampleFaults(`${path}.samples`, text, samples),
];

/** Numbers count from 1 without a gap; names are small letters, digits and `_`, and begin with a letter. */
export function variableFaults(path: string, text: string, format: TemplateDraft['parameterFormat']): DraftFault[] {
  const names = variableNames(text);
  if (ODD_BRACES.test(text.replace(ALL_VARIABLES, ''))) return [fault(path, 'variable')];
  if (format === 'named')
    return names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)) ? [] : [fault(path, 'variable_name')];
  const isCounted = names.every((_name, index) => names.includes(String(index + 1)));
  return isCounted ? [] : [fault(path, 'numbering')];
}

export const sampleFaults = (path: string, text: string, samples: VariableValues): DraftFault[] =>
  variableNames(text)
    .filter((name) => (valueOf(samples, name) ?? '').trim() === '')
    .map((name) => fault(`${path}.${name}`, 'missing'));
