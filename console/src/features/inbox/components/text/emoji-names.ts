/** What each emoji is called, its name first. */
export type EmojiNames = Readonly<Record<string, readonly string[]>>;

interface NamedEmoji {
  emoji: string;
  /** As it is written: `thumbs_up`. */
  name: string;
}

/** How well a word is begun by what was typed; 0 = not at all. */
function scoreOf(wanted: string, [name = '', ...keywords]: readonly string[]): number {
  if (name === wanted) return 6;
  if (keywords.includes(wanted)) return 5;
  if (name.startsWith(wanted)) return 4;
  if (name.includes(`_${wanted}`)) return 3;
  return keywords.some((word) => word.startsWith(wanted)) ? 2 : 0;
}

/** The emoji whose names or keywords begin so, what fits best first, else in the order that phones show them in. */
export function findEmoji(names: EmojiNames, query: string, most: number): NamedEmoji[] {
  const wanted = query.toLowerCase().replaceAll('-', '_');
  return Object.entries(names)
    .map(([emoji, words]) => ({ emoji, name: words[0] ?? '', score: scoreOf(wanted, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ emoji, name }) => ({ emoji, name }));
}
