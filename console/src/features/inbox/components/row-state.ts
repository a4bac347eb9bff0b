import type { Reaction } from '@parley/contract';

const PILL_LIMIT = 99;

/** The text of the unread pill: the number, `99+` above it, nothing at zero. */
export function unreadText(count: number): string | null {
  if (count <= 0) return null;
  return count > PILL_LIMIT ? `${PILL_LIMIT}+` : String(count);
}

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
