import { isLocaleCode, setLocale } from '../i18n/index.js';
import { localePreference } from './preferences.js';

/** Shows the console in another of its languages, and remembers that; any other code changes nothing. */
export async function chooseLocale(code: string): Promise<void> {
  if (!isLocaleCode(code)) return;
  await setLocale(code);
  localePreference().value = code;
}
