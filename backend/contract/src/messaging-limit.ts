/**
 * How many customers a day Meta lets a business write to first, from its word (`TIER_2K`, `2000`); null = without limit,
 * undefined = the word does not say. No schema here: the browser reads it too. (Meta: messaging limits.)
 */
export function dailyLimitOf(said: string): number | null | undefined {
  const [, count, thousands] = /^(?:TIER_)?(\d+)(K)?$/.exec(said) ?? [];
  if (count !== undefined) return Number(count) * (thousands ? 1_000 : 1);
  return said === 'TIER_UNLIMITED' || said === 'UNLIMITED' ? null : undefined;
}
