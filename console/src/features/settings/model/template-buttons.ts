import { TEMPLATE_BUTTONS_MAX, TEMPLATE_URL_BUTTONS_MAX } from '@parley/contract/constants';
import type { DraftButton } from './template-texts.js';

type ButtonType = DraftButton['type'];

/** How many of a kind a template takes. */
export const mostOf = (type: ButtonType): number =>
  type === 'quick_reply' ? TEMPLATE_BUTTONS_MAX : type === 'url' ? TEMPLATE_URL_BUTTONS_MAX : 1;

/** A new button of that kind, with the fields it has. */
export function newButton(type: ButtonType): DraftButton {
  switch (type) {
    case 'phone_number':
      return { type, text: '', phoneNumber: '' };
    case 'url':
      return { type, text: '', url: '', sample: '' };
    case 'flow':
      return { type, text: '', flowId: '', flowScreen: '' };
    case 'copy_code':
      return { type, sample: '' };
    case 'contact_info':
      return { type };
    default:
      return { type, text: '' };
  }
}

/** Quick replies stand together, as Meta wants them, and a code comes before what follows it. */
const RANKS: Readonly<Partial<Record<ButtonType, number>>> = { quick_reply: 0, copy_code: 1 };
const rankOf = ({ type }: DraftButton): number => RANKS[type] ?? 2;

/** With one more button, where Meta takes it; those of one rank stay as they are. */
export function withButton(buttons: readonly DraftButton[], button: DraftButton): DraftButton[] {
  return [...buttons, button].sort((left, right) => rankOf(left) - rankOf(right));
}

/** A code to copy and a link, as an offer has them: what is there of them stays. */
export function offerButtons(buttons: readonly DraftButton[]): DraftButton[] {
  return (['copy_code', 'url'] as const).map((type) => buttons.find((one) => one.type === type) ?? newButton(type));
}
