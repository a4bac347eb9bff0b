import { loadTexts } from '../../i18n/index.js';

/** The room with its texts, which few need and nobody fetches before. */
export async function openSettings() {
  const [view] = await Promise.all([import('./SettingsView.vue'), loadTexts('settings'), loadTexts('notify')]);
  return view;
}
