import { stored } from '../../../../shared/stored.js';

/** Something made at Meta that a field can be filled with. */
export interface KnownId {
  id: string;
  name: string | null;
}
export type KnownIds = Readonly<Record<'flows' | 'catalogs' | 'products', readonly KnownId[]>>;

/** The form that this browser sent last from a number: its next one begins with it. */
export const lastForm = (channelId: string) => stored(`parley.offers.form.${channelId}`, '');

/** The used ones first, each once, with the name that Meta has for it. */
export function knownOf(used: readonly string[], listed: readonly KnownId[]): KnownId[] {
  const names = new Map(listed.map(({ id, name }) => [id, name]));
  const first = used.map((id) => ({ id, name: names.get(id) ?? null }));
  return [...first, ...listed.filter(({ id }) => !used.includes(id))];
}

/** The catalogue that a form begins with: the only one that Meta lists, else the one that was sent from last. */
export function firstCatalog(listed: readonly KnownId[], used: readonly string[]): string {
  const [only, ...others] = listed;
  return (others.length === 0 ? only?.id : undefined) ?? used[0] ?? '';
}
