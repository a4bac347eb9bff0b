import { loadTexts } from '../../../i18n/index.js';

/** The board with its texts, which only supervisors and admins fetch. */
export async function openBoard() {
  const [view] = await Promise.all([import('./BoardView.vue'), loadTexts('board')]);
  return view;
}

/** The board's figures for a screen on the wall. */
export async function openWall() {
  const [view] = await Promise.all([import('./WallView.vue'), loadTexts('board')]);
  return view;
}
