import { loadTexts } from '../../i18n/index.js';

/** The failure desk with its texts, which nobody fetches before; a template that is sent again can be refused as any other. */
export async function openFailures() {
  const [view] = await Promise.all([import('./FailuresView.vue'), loadTexts('failures'), loadTexts('templates')]);
  return view;
}
