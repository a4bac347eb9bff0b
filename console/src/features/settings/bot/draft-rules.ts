import type { BotRule, PutBotRules } from '@parley/contract';

/** A rule while somebody works on it: keywords as they are typed, one after a comma or on a line of its own. */
export interface DraftRule {
  /** The rule's id, or one that this page made up for a rule that is not saved yet. */
  key: string;
  id?: string;
  name: string;
  enabled: boolean;
  match: BotRule['match'];
  keywords: string;
  text: string;
  buttons: { id: string; title: string }[];
  handOver: boolean;
}

/** Meta's limits for a message with reply buttons (Cloud API, interactive messages), as the server checks them. */
export const LIMITS = { text: 1_024, title: 20, buttons: 3, keywords: 50, keyword: 100, name: 120 } as const;

export type RuleTrouble = 'name' | 'keywords' | 'text' | 'title' | 'sameTitle';

export const keywordsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n،]/u)
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];

export const toDrafts = (rules: readonly BotRule[]): DraftRule[] =>
  rules.map(({ id, name, enabled, match, keywords, answer, handOver }) => ({
    key: id,
    id,
    name,
    enabled,
    match,
    keywords: keywords.join(', '),
    text: answer.text,
    buttons: answer.buttons.map((button) => ({ ...button })),
    handOver,
  }));

/** As the server takes them. A new button gets an id that says its title, so that other rules can answer to it. */
export const rulesIn = (drafts: readonly DraftRule[]): PutBotRules['rules'] =>
  drafts.map(({ id, name, enabled, match, keywords, text, buttons, handOver }) => ({
    ...(id === undefined ? {} : { id }),
    name,
    enabled,
    match,
    keywords: keywordsIn(keywords),
    answer: {
      text,
      buttons: buttons.map((button) => ({ id: button.id || idOfTitle(button.title), title: button.title.trim() })),
    },
    handOver,
  }));

/** `Talk to us!` → `talk_to_us`: a keyword of another rule may be exactly this. */
export const idOfTitle = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '') || 'button';

/** What keeps a rule from being saved. */
export function troublesOf({ name, keywords, text, buttons }: DraftRule): RuleTrouble[] {
  const words = keywordsIn(keywords);
  const titles = buttons.map(({ title }) => title.trim());
  const found: [RuleTrouble, boolean][] = [
    ['name', name.trim() === '' || name.length > LIMITS.name],
    [
      'keywords',
      words.length === 0 || words.length > LIMITS.keywords || words.some((word) => word.length > LIMITS.keyword),
    ],
    ['text', text.trim() === '' || text.length > LIMITS.text],
    ['title', titles.some((title) => title === '' || title.length > LIMITS.title)],
    ['sameTitle', new Set(titles).size < titles.length],
  ];
  return found.filter(([, isSo]) => isSo).map(([trouble]) => trouble);
}
