import type { BotAnswer, BotDryRunResult, BotRule, BotStepReason } from '@parley/contract';

/** What a rule is judged by. */
export type MatchableRule = Pick<BotRule, 'id' | 'name' | 'enabled' | 'match' | 'keywords'> & { answer: BotAnswer };

/** What the customer wrote, and the id of what they tapped. */
export interface CustomerInput {
  text: string;
  buttonId?: string | null;
}

export interface Match<Rule> {
  rule: Rule;
  keyword: string;
}

/** The first enabled rule of the list that matches. Literal words only: nothing a rule holds is ever a pattern. */
export function findRule<Rule extends MatchableRule>(rules: readonly Rule[], input: CustomerInput): Match<Rule> | null {
  const prepared = prepare(input);
  for (const rule of rules) {
    const keyword = rule.enabled ? matchingKeyword(rule, prepared) : null;
    if (keyword !== null) return { rule, keyword };
  }
  return null;
}

export type Explanation = Pick<BotDryRunResult, 'ruleId' | 'answer' | 'fallback' | 'steps'>;

/** The same, told rule by rule: which fires, and why each other one does not. */
export function explain(rules: readonly MatchableRule[], input: CustomerInput): Explanation {
  const found = findRule(rules, input);
  const prepared = prepare(input);
  let isOver = false;
  const steps = rules.map((rule): Explanation['steps'][number] => {
    const keyword = matchingKeyword(rule, prepared);
    const step = { ruleId: rule.id, name: rule.name, keyword: null, near: keyword };
    if (isOver) return { ...step, outcome: 'not_reached', reason: rule.enabled ? 'after_match' : 'disabled' };
    if (!rule.enabled) return { ...step, outcome: 'disabled', reason: 'disabled' };
    if (keyword !== null) {
      isOver = true;
      return { ...step, outcome: 'matched', keyword, reason: 'fires' };
    }
    return { ...step, outcome: 'no_match', ...nearMiss(rule, prepared) };
  });
  return { ruleId: found?.rule.id ?? null, answer: found?.rule.answer ?? null, fallback: found === null, steps };
}

/** A keyword that stands in the text, but not in the way that its rule asks for. */
function nearMiss(
  { match, keywords }: MatchableRule,
  { folded }: Prepared,
): { reason: BotStepReason; near: string | null } {
  const near = keywords.find((keyword) => fold(keyword) !== '' && folded.includes(fold(keyword))) ?? null;
  if (near === null || match === 'contains') return { reason: 'absent', near: null };
  return { reason: match === 'exact' ? 'not_whole' : 'inside_word', near };
}

interface Prepared {
  folded: string;
  words: string[];
  buttonId: string | null;
}

function prepare({ text, buttonId }: CustomerInput): Prepared {
  const folded = fold(text);
  return { folded, words: wordsOf(folded), buttonId: buttonId ? fold(buttonId) : null };
}

function matchingKeyword({ match, keywords }: MatchableRule, input: Prepared): string | null {
  return keywords.find((keyword) => matches(match, fold(keyword), input)) ?? null;
}

function matches(kind: MatchableRule['match'], keyword: string, input: Prepared): boolean {
  if (keyword === '') return false;
  // The id of a tapped button is a name that we gave: it fits whole or not at all.
  if (input.buttonId === keyword) return true;
  switch (kind) {
    case 'exact':
      return input.folded === keyword;
    case 'contains':
      return input.folded.includes(keyword);
    case 'word': {
      const words = wordsOf(keyword);
      // A keyword without letters or digits (an emoji) has no word to be found as.
      return words.length === 0 ? input.folded.includes(keyword) : hasRun(input.words, words);
    }
  }
}

/** Without case, accents and doubled spaces; compatibility forms (full width, ligatures) as their plain letters. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

const wordsOf = (folded: string): string[] => folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');

/** Whether `run` stands in `words` as it is, one word after the other. */
function hasRun(words: readonly string[], run: readonly string[]): boolean {
  return words.some((_, start) => run.every((word, offset) => words[start + offset] === word));
}
