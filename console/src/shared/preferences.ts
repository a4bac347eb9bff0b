import { useLocalStorage } from '@vueuse/core';
import { watch, type Ref } from 'vue';

export type ThemeChoice = 'light' | 'dark' | 'system';

/** What this browser remembers of its agent's taste. */
export const themePreference = (): Ref<ThemeChoice> => useLocalStorage<ThemeChoice>('parley.theme', 'system');
export const localePreference = (): Ref<string | null> => useLocalStorage<string | null>('parley.locale', null);
export const panelPreference = (): Ref<boolean> => useLocalStorage('parley.panelOpen', true);
export const viewPreference = (): Ref<string | null> => useLocalStorage<string | null>('parley.view', null);

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
