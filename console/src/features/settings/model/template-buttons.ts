import {
  TEMPLATE_BUTTON_MAX_CHARS,
  TEMPLATE_BUTTONS_MAX,
  TEMPLATE_CODE_MAX_CHARS,
  TEMPLATE_FLOW_MAX_CHARS,
  TEMPLATE_PHONE_MAX_CHARS,
  TEMPLATE_URL_BUTTONS_MAX,
  TEMPLATE_URL_MAX_CHARS,
} from '@parley/contract/constants';
import { variableNames } from '@parley/contract/template-text';
import type { DraftButton } from './template-texts.js';

type ButtonType = DraftButton['type'];
type Part = Exclude<keyof DraftButton, 'type'>;

/** What is written about a button of each kind. */
const PARTS: Readonly<Record<ButtonType, readonly Part[]>> = {
  quick_reply: ['text'],
  url: ['text', 'url', 'sample'],
  phone_number: ['text', 'phoneNumber'],
  copy_code: ['sample'],
  flow: ['text', 'flowId', 'flowScreen'],
  call: ['text'],
  contact_info: [],
  catalog: ['text'],
  product: [],
  product_list: [],
};

/** A field of a button; label and hint are keys below `making`. */
export interface ButtonField {
  part: Part;
  label: string;
  hint?: string;
  placeholder?: string;
  max?: number;
  /** An address, a number or an id: written from left to right, without outer spaces. */
  isExact?: boolean;
}

const FIELDS: Readonly<Record<Exclude<Part, 'sample'>, Omit<ButtonField, 'part'>>> = {
  text: { label: 'buttonText', max: TEMPLATE_BUTTON_MAX_CHARS },
  url: {
    label: 'address',
    hint: 'addressHint',
    placeholder: 'https://',
    max: TEMPLATE_URL_MAX_CHARS,
    isExact: true,
  },
  phoneNumber: { label: 'phone', placeholder: '+1', max: TEMPLATE_PHONE_MAX_CHARS, isExact: true },
  flowId: { label: 'formId', hint: 'formIdHint', isExact: true },
  flowScreen: { label: 'formScreen', hint: 'formScreenHint', max: TEMPLATE_FLOW_MAX_CHARS, isExact: true },
};

/** The fields of a button as it is: that of a sample only where there is something that it stands for. */
export const fieldsOf = (button: DraftButton): ButtonField[] =>
  PARTS[button.type].flatMap((part): ButtonField[] => {
    if (part !== 'sample') return [{ part, ...FIELDS[part] }];
    if (button.type === 'copy_code') return [{ part, label: 'sampleCode', max: TEMPLATE_CODE_MAX_CHARS }];
    const hasVariable = variableNames(button.url ?? '').length > 0;
    return hasVariable ? [{ part, label: 'sampleOf', max: TEMPLATE_URL_MAX_CHARS }] : [];
  });

/** How many of a kind a template takes. */
export const mostOf = (type: ButtonType): number =>
  type === 'quick_reply' ? TEMPLATE_BUTTONS_MAX : type === 'url' ? TEMPLATE_URL_BUTTONS_MAX : 1;

/** A new button of that kind, with the fields it has. */
export const newButton = (type: ButtonType): DraftButton => ({
  type,
  ...Object.fromEntries(PARTS[type].map((part) => [part, ''])),
});

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
