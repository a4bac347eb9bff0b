import { ATTRIBUTES_MAX, type AnswerMapping, type FormReply } from '@parley/contract';

/** What the team keeps of a contact, and when each name last changed (ISO, UTC); a name without a value was taken away. */
export interface KeptAttributes {
  attributes: Readonly<Record<string, string>>;
  times: Readonly<Record<string, string>>;
}

/** A form that came in, as far as mappings ask. */
export interface Answered {
  channelId: string;
  /** What our message, which it answers, called the form: its id, its name; empty where it quotes none. */
  forms: readonly string[];
  at: Date;
  answers: FormReply['answers'];
}

export type Mapping = Pick<AnswerMapping, 'channelId' | 'form' | 'field' | 'attribute'>;

/** As the panel takes values. */
const VALUE_MAX_CHARS = 500;
/** Names that were taken away are remembered, but not without end: the oldest go. */
const TIMES_MAX = 4 * ATTRIBUTES_MAX;

const isMeant = ({ channelId, form }: Mapping, answered: Answered): boolean =>
  (channelId === null || channelId === answered.channelId) && (form === null || answered.forms.includes(form));

/** The names and values that an answered form gives, by these rules; an empty answer says nothing. */
export function mappedAnswers(answered: Answered, mappings: readonly Mapping[]): [name: string, value: string][] {
  const meant = mappings.filter((mapping) => isMeant(mapping, answered));
  return answered.answers.flatMap(({ key, value }) => {
    const text = clipped(value.trim());
    if (text === '') return [];
    return meant.filter(({ field }) => field === key).map(({ attribute }): [string, string] => [attribute, text]);
  });
}

/**
 * The contact after these forms, in the order in which they came; null when nothing changes. Whatever changed later than
 * a form was sent stays as it is. No more attributes than a contact may have.
 */
export function withAnswers(
  kept: KeptAttributes,
  forms: readonly Answered[],
  mappings: readonly Mapping[],
): KeptAttributes | null {
  const attributes = new Map(Object.entries(kept.attributes));
  const times = new Map(Object.entries(kept.times));
  let isChanged = false;
  for (const form of forms) {
    const at = form.at.toISOString();
    for (const [name, value] of mappedAnswers(form, mappings)) {
      const changedAt = times.get(name);
      if (changedAt !== undefined && changedAt > at) continue;
      if (!attributes.has(name) && attributes.size >= ATTRIBUTES_MAX) continue;
      if (attributes.get(name) === value && changedAt === at) continue;
      attributes.set(name, value);
      times.set(name, at);
      isChanged = true;
    }
  }
  if (!isChanged) return null;
  return { attributes: Object.fromEntries(attributes), times: boundedTimes(times, attributes) };
}

/** The times after a change by hand. */
export function timesAfter(kept: KeptAttributes, changed: readonly string[], now: Date): Record<string, string> {
  const times = new Map(Object.entries(kept.times));
  for (const name of changed) times.set(name, now.toISOString());
  return boundedTimes(times, new Map(Object.entries(kept.attributes)));
}

function boundedTimes(times: ReadonlyMap<string, string>, attributes: ReadonlyMap<string, string>) {
  if (times.size <= TIMES_MAX) return Object.fromEntries(times);
  const gone = [...times].filter(([name]) => !attributes.has(name));
  const newest = gone.sort(([, left], [, right]) => right.localeCompare(left)).slice(0, TIMES_MAX - attributes.size);
  return Object.fromEntries([...[...times].filter(([name]) => attributes.has(name)), ...newest]);
}

/** Cut between characters: half of a pair is no text. */
const clipped = (text: string): string => text.slice(0, VALUE_MAX_CHARS).replace(/[\uD800-\uDBFF]$/, '');
