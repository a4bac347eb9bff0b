import type { Preferences, UpdatePreferences } from '@parley/contract';
import { watch, type Ref } from 'vue';
import { initialLocale, isLocaleCode, setLocale } from '../../i18n/index.js';
import {
  densityPreference,
  enterSendsPreference,
  localePickedAtDoor,
  localePreference,
  notifyPreference,
  pushWordsPreference,
  quietUntilPreference,
  singleKeysPreference,
  soundsPreference,
  themePreference,
  undoSendPreference,
} from '../../shared/preferences.js';
import { useSettingsApi } from './use-settings-api.js';

/**
 * Keeps an agent's choices the same in every browser: what the server has wins at the start (but for a language just
 * picked at the door), what is changed here goes to the server. Without an answer this browser simply goes on with what it remembers.
 */
export async function syncPreferences(): Promise<void> {
  const api = useSettingsApi();
  const choices = {
    theme: themePreference(),
    density: densityPreference(),
    singleKeys: singleKeysPreference(),
    sounds: soundsPreference(),
    locale: localePreference(),
    notify: notifyPreference(),
    quietUntil: quietUntilPreference(),
    pushWords: pushWordsPreference(),
    undoSend: undoSendPreference(),
    enterSends: enterSendsPreference(),
  };
  const save = (changes: UpdatePreferences): void => void api.changePreferences(changes).catch(() => undefined);
  const follow = <Key extends keyof typeof choices>(key: Key): void => {
    watch(choices[key] as Ref<unknown>, (value) => save({ [key]: value }));
  };

  const [kept, workspace] = await Promise.all([
    api.preferences().catch((): Preferences | null => null),
    choices.locale.value === null ? api.workspace().catch(() => null) : null,
  ]);
  if (kept?.theme) choices.theme.value = kept.theme;
  if (kept?.density) choices.density.value = kept.density;
  if (kept?.singleKeys !== undefined) choices.singleKeys.value = kept.singleKeys;
  if (kept?.sounds !== undefined) choices.sounds.value = kept.sounds;
  if (kept?.notify) choices.notify.value = kept.notify;
  if (kept?.pushWords !== undefined) choices.pushWords.value = kept.pushWords;
  if (kept?.undoSend !== undefined) choices.undoSend.value = kept.undoSend;
  if (kept?.enterSends !== undefined) choices.enterSends.value = kept.enterSends;
  if (kept) choices.quietUntil.value = kept.quietUntil ?? null;
  const picked = localePickedAtDoor.value;
  localePickedAtDoor.value = null;
  if (picked !== null) save({ locale: picked });
  else if (kept?.locale && isLocaleCode(kept.locale)) choices.locale.value = kept.locale;
  const wanted = choices.locale.value ?? workspace?.defaultLocale ?? null;
  if (wanted !== null) await setLocale(initialLocale(wanted, navigator.languages));
  for (const key of Object.keys(choices) as (keyof typeof choices)[]) follow(key);
}
