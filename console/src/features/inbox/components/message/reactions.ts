import type { Reaction } from '@parley/contract';

/** One chip for each emoji, with who sent it, in the order they first came; `phone` tells how to name the business's phone app. */
export function countReactions(
  reactions: readonly Reaction[],
  phone: () => string,
): { emoji: string; names: string[] }[] {
  const byEmoji = new Map<string, string[]>();
  for (const { emoji, sender } of reactions) {
    const names = byEmoji.get(emoji);
    const name = sender.type === 'system' ? phone() : sender.name;
    if (names) names.push(name);
    else byEmoji.set(emoji, [name]);
  }
  return [...byEmoji].map(([emoji, names]) => ({ emoji, names }));
}
