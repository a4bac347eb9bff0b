import type { TemplateDraft } from '@parley/contract';
import { variableNames } from '@parley/contract/template-text';

export type DraftButton = TemplateDraft['buttons'][number];

/** A text with the samples of the variables that there are. */
export const writtenOf = ({ text, samples }: TemplateDraft['body']): TemplateDraft['body'] => ({
  text: text.trim(),
  samples: samplesOf(text, samples),
});

/** Of the variables that there are; an empty one counts as missing. */
export const samplesOf = (text: string, samples: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(variableNames(text).map((name) => [name, (samples[name] ?? '').trim()]));

/** The next variable for a text: the next number, or a name that is free. */
export function nextVariable(text: string, format: TemplateDraft['parameterFormat']): string {
  const names = variableNames(text);
  for (let number = 1; ; number += 1) {
    const name = format === 'named' ? `value_${number}` : String(number);
    if (!names.includes(name)) return `{{${name}}}`;
  }
}
