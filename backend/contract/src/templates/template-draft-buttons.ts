import {
  TEMPLATE_BUTTON_MAX_CHARS,
  TEMPLATE_BUTTONS_MAX,
  TEMPLATE_CODE_MAX_CHARS,
  TEMPLATE_FLOW_MAX_CHARS,
  TEMPLATE_PHONE_MAX_CHARS,
  TEMPLATE_URL_BUTTONS_MAX,
  TEMPLATE_URL_MAX_CHARS,
} from '../constants.js';
import { type DraftFault, fault, needed, plainFaults, tooLong, tooMany } from './template-draft-fault.js';
import type { TemplateDraft } from './template-draft.js';
import { variableNames } from './template-variables.js';

type Button = TemplateDraft['buttons'][number];

/** Buttons that the phone words itself, and that do nothing which could be chosen here. */
const FIXED: ReadonlySet<Button['type']> = new Set(['contact_info', 'product', 'product_list']);

/** How many of each kind there may be (Meta: message templates, buttons); a kind that is not named has no limit of its own. */
const MOST: Readonly<Partial<Record<Button['type'], number>>> = {
  url: TEMPLATE_URL_BUTTONS_MAX,
  phone_number: 1,
  copy_code: 1,
  flow: 1,
  call: 1,
  contact_info: 1,
  catalog: 1,
  product: 1,
  product_list: 1,
};

/** The buttons below the text of a template. */
export function buttonsFaults(buttons: readonly Button[]): DraftFault[] {
  const countOf = (type: string) => buttons.filter((button) => button.type === type).length;
  const overs = Object.entries(MOST).map(([type, most]) => countOf(type) - most);
  // Quick replies stand together, before all others or after them.
  const changes = buttons.filter(
    ({ type }, index) => index > 0 && (type === 'quick_reply') !== (buttons[index - 1]?.type === 'quick_reply'),
  ).length;
  return [
    ...tooMany('buttons', Math.max(buttons.length - TEMPLATE_BUTTONS_MAX, ...overs)),
    ...(changes > 1 ? [fault('buttons', 'order')] : []),
    ...buttons.flatMap((button, index) => buttonFaults(button, `buttons.${index}`)),
  ];
}

/** One button, of the template or of a card. */
export function buttonFaults(button: Button, path: string): DraftFault[] {
  const { type, text = '', url = '', phoneNumber = '', sample = '', flowId = '', flowScreen = '' } = button;
  if (type === 'copy_code') return needed(`${path}.sample`, sample, TEMPLATE_CODE_MAX_CHARS);
  if (FIXED.has(type)) return [];
  const faults = [
    ...needed(`${path}.text`, text, TEMPLATE_BUTTON_MAX_CHARS),
    ...plainFaults(`${path}.text`, text, { oneLine: false }),
  ];
  if (type === 'phone_number') {
    faults.push(...needed(`${path}.phoneNumber`, phoneNumber, TEMPLATE_PHONE_MAX_CHARS));
    if (phoneNumber !== '' && !/^\+?[0-9 ()-]{5,}$/.test(phoneNumber))
      faults.push(fault(`${path}.phoneNumber`, 'phone'));
  }
  if (type === 'url') {
    faults.push(...needed(`${path}.url`, url, TEMPLATE_URL_MAX_CHARS), ...addressFaults(`${path}.url`, url));
    if (variableNames(url).length > 0) faults.push(...needed(`${path}.sample`, sample, TEMPLATE_URL_MAX_CHARS));
  }
  if (type === 'flow') {
    faults.push(...needed(`${path}.flowId`, flowId, TEMPLATE_FLOW_MAX_CHARS));
    faults.push(...tooLong(`${path}.flowScreen`, flowScreen, TEMPLATE_FLOW_MAX_CHARS));
  }
  return faults;
}

/** An address may have one variable, at its very end (Meta: components, URL buttons). */
function addressFaults(path: string, url: string): DraftFault[] {
  if (url === '') return [];
  const fixed = url.replace(/\{\{1\}\}$/, '');
  return /^https?:\/\/[^\s{}]+$/.test(fixed) && URL.canParse(fixed) ? [] : [fault(path, 'url')];
}
