import type { TimelineKind } from '@parley/contract';

/** What is known of a person beside their names and ids; each part with Meta's time of it, null = never told. */
export interface PersonState {
  marketingStopped: boolean;
  marketingToldAt: Date | null;
  identityHash: string | null;
  identityHashAt: Date | null;
}

/** What one item tells of a person. */
export type ToldOfPerson =
  | { kind: 'marketing'; at: Date; stopped: boolean }
  /** Stands beside what the person wrote (Meta: identity change check). */
  | { kind: 'hash'; at: Date; hash: string }
  /** Says itself that the security code changed; not always to what. */
  | { kind: 'identity_changed'; at: Date; hash: string | null };

/** Lines in the threads of the person. */
export type PersonNews = Extract<TimelineKind, 'marketing_stopped' | 'marketing_resumed' | 'identity_changed'>;

export const isAboutMarketing = (news: PersonNews): boolean => news !== 'identity_changed';

/** The state after one more was told. */
export interface PersonAfter {
  state: PersonState;
  news: PersonNews | null;
  /** Whether it is newer than what was known. */
  isNews: boolean;
}

/**
 * What is newer by Meta's time counts, whatever order it comes in; of one second a stop counts before a resumption, for it
 * is lifted only by what is newer, and of two hashes the later arrival: what carries them has an id and comes once.
 */
export function personAfter(state: PersonState, told: ToldOfPerson): PersonAfter {
  if (told.kind === 'marketing') return afterPreference(state, told);
  const { hash, at } = told;
  const isNotice = told.kind === 'identity_changed';
  if (hash === null) return { state, news: 'identity_changed', isNews: true };
  if (state.identityHashAt !== null && at < state.identityHashAt) return { state, news: null, isNews: false };
  const isOther = state.identityHash === null ? isNotice : state.identityHash !== hash;
  return {
    state: { ...state, identityHash: hash, identityHashAt: at },
    news: isOther ? 'identity_changed' : null,
    isNews: true,
  };
}

function afterPreference(
  state: PersonState,
  { at, stopped }: Extract<ToldOfPerson, { kind: 'marketing' }>,
): PersonAfter {
  const { marketingToldAt: known, marketingStopped: was } = state;
  const isNewer = known === null || at > known || (at.getTime() === known.getTime() && stopped && !was);
  if (!isNewer) return { state, news: null, isNews: false };
  return {
    state: { ...state, marketingStopped: stopped, marketingToldAt: at },
    news: stopped === was ? null : stopped ? 'marketing_stopped' : 'marketing_resumed',
    isNews: true,
  };
}
