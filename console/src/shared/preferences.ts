import type { NotifyEvent, NotifyLevel } from '@parley/contract/constants';
import { stored } from './stored.js';
import { shallowRef, watch, type Ref } from 'vue';

export type ThemeChoice = 'light' | 'dark' | 'system';

/** How wide the list of conversations may be made beside a thread. */
export const LIST_WIDTH_PX = { min: 320, max: 380, initial: 360 };

/** What this browser remembers of its agent's taste. */
export const themePreference = (): Ref<ThemeChoice> => stored<ThemeChoice>('parley.theme', 'system');
export const localePreference = (): Ref<string | null> => stored<string | null>('parley.locale', null);
/** The language somebody has just picked at the door: it beats what the server remembers of them. */
export const localePickedAtDoor = shallowRef<string | null>(null);
export const panelPreference = (): Ref<boolean> => stored('parley.panelOpen', true);
/** Parts of the panel that were closed, by their names. */
export const closedSectionsPreference = (): Ref<readonly string[]> =>
  stored<readonly string[]>('parley.panelClosed', []);
/** The team whose threads the list shows; null = everybody's. */
export const teamPreference = (): Ref<string | null> => stored<string | null>('parley.team', null);
/** Whether there were teams when the counts were last known: then their row has its place before they are. */
export const teamsSeenPreference = (): Ref<boolean> => stored('parley.teamsSeen', false);
/** What the board's columns stand for. */
export const lanesPreference = (): Ref<'people' | 'teams'> => stored<'people' | 'teams'>('parley.boardLanes', 'people');
/** Pixels. */
export const listWidthPreference = (): Ref<number> => stored('parley.listWidth', LIST_WIDTH_PX.initial);
export const viewPreference = (): Ref<string | null> => stored<string | null>('parley.view', null);

export const densityPreference = (): Ref<'comfortable' | 'compact'> =>
  stored<'comfortable' | 'compact'>('parley.density', 'comfortable');
/** Keys of a single letter (WCAG 2.1.4). */
export const singleKeysPreference = (): Ref<boolean> => stored('parley.singleKeys', true);
export const soundsPreference = (): Ref<boolean> => stored('parley.sounds', true);
/** How loudly this agent is told of what, as far as they chose. */
export const notifyPreference = (): Ref<Partial<Record<NotifyEvent, NotifyLevel>>> =>
  stored<Partial<Record<NotifyEvent, NotifyLevel>>>('parley.notify', {});
/** Until when nothing makes a sound or pops up; null = told as ever. */
export const quietUntilPreference = (): Ref<string | null> => stored<string | null>('parley.quietUntil', null);

/** Whether pushes may hold the customer's words. */
export const pushWordsPreference = (): Ref<boolean> => stored('parley.pushWords', false);
/** The agent whose pushes this browser takes. */
export const pushedHerePreference = (): Ref<string | null> => stored<string | null>('parley.pushedHere', null);

/** For so many seconds a message is held back for its sender to think again; 0 = it leaves at once, as it does unless chosen otherwise. */
export const undoSendPreference = (): Ref<number> => stored('parley.undoSend', 0);
/** Whether Enter sends; otherwise it breaks the line and ⌘ or Ctrl with it sends. */
export const enterSendsPreference = (): Ref<boolean> => stored('parley.enterSends', true);

/** Keeps the page in the chosen theme; without a choice the style sheet follows the system. */
export function followTheme(theme: Ref<ThemeChoice>): void {
  watch(
    theme,
    (choice) => {
      if (choice === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = choice;
    },
    { immediate: true },
  );
}
