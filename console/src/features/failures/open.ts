import { loadTexts } from '../../i18n/index.js';

/** The failure desk with its texts, which nobody fetches before. */
export async function openFailures() {
  const [view] = await Promise.all([import('./FailuresView.vue'), loadTexts('failures')]);
  return view;
}
