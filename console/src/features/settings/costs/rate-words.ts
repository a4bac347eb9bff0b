/** Categories that have words of their own below `costs.category`; others are shown as Meta writes them. */
export const KNOWN_CATEGORIES = [
  'marketing',
  'utility',
  'authentication',
  'authentication_international',
  'service',
  'marketing_lite',
  'referral_conversion',
  'group_marketing',
  'group_utility',
  'group_service',
  'general_purpose_ai',
] as const;

const known: ReadonlySet<string> = new Set(KNOWN_CATEGORIES);

/** The key of a category's name; null = its own word is shown. */
export const categoryKey = (category: string): string | null =>
  known.has(category) ? `costs.category.${category}` : null;
