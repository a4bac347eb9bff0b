import { PLACE } from './attach.js';
import { openAddress } from './address.js';
import { h, icon } from './dom.js';
import { askForm } from './form.js';
import { openShop, shopOf, shopOfProduct, shopOfSections, wholeShop } from './shop.js';

const button = (label, shape, onclick, { chosen = false, disabled = false } = {}) =>
  h(
    'button',
    { type: 'button', class: chosen ? 'choice chosen' : 'choice', disabled, onclick },
    icon(chosen ? 'tick' : shape),
    label,
  );

/** Something that is answered once: the button then shows that it was. */
const once = (message, label, shape, act) =>
  button(label, shape, act, { chosen: message.chosen !== undefined, disabled: message.chosen !== undefined });

/** Something that can be ordered, as often as one likes. */
const sells = (message, label, chat, shop = () => shopOf(message.content)) =>
  button(label, 'list', () => openShop(shop(), (order) => chat.answer(message, { order })));

/** What a phone shows where it has nobody to call. */
const still = (label, shape) => button(label, shape, undefined, { disabled: true });

/** Whether the business may call. */
const asksToCall = (message, chat) =>
  [
    ['accept', 'Allow calls', 'call'],
    ['reject', 'Don’t allow', 'close'],
  ].map(([id, title, shape]) =>
    button(title, shape, () => chat.reply(message, { kind: 'call_permission', id, title }), {
      chosen: message.chosen === id,
      disabled: message.chosen !== undefined,
    }),
  );

const WAYS = {
  cta_url(message) {
    const { display_text: label, url } = message.content.action.parameters;
    const isSafe = /^https?:/i.test(url);
    const link = {
      class: 'choice',
      ...(isSafe && { href: url }),
      target: '_blank',
      rel: 'noopener noreferrer',
      title: url,
    };
    return [h('a', link, icon('link'), label)];
  },
  location_request_message: (message, chat) => [
    once(message, 'Send location', 'pin', () => chat.answer(message, { location: PLACE })),
  ],
  request_contact_info: (message, chat) => [
    once(message, 'Share contact info', 'person', () => chat.answer(message, { shareContact: true })),
  ],
  address_message: (message, chat) => [
    once(message, 'Provide address', 'pin', () =>
      openAddress(message.content.action.parameters, (id, title, answers) =>
        chat.reply(message, { kind: 'address', id, title, answers }),
      ),
    ),
  ],
  call_permission_request: (message, chat) => asksToCall(message, chat),
  voice_call: (message) => [still(message.content.action.parameters?.display_text ?? 'Call now', 'call')],
  flow(message, chat) {
    const { flow_cta: label, flow_token: token = 'unused' } = message.content.action.parameters;
    const send = (answers) => chat.reply(message, { kind: 'flow', id: token, title: 'Sent', answers });
    return [once(message, label, 'list', () => askForm(label, send))];
  },
  product: (message, chat) => [sells(message, 'View', chat)],
  product_list: (message, chat) => [sells(message, 'View items', chat)],
  catalog_message: (message, chat) => [sells(message, 'View catalogue', chat)],
};

/** Buttons of a template that do more than answer, open an address or copy. */
const TEMPLATE_WAYS = {
  FLOW({ id, title }, message, chat) {
    const send = (answers) => chat.reply(message, { kind: 'flow', id, title: 'Sent', answers });
    return once(message, title, 'list', () => askForm(title, send));
  },
  REQUEST_CONTACT_INFO: ({ title }, message, chat) =>
    once(message, title, 'person', () => chat.answer(message, { shareContact: true })),
  VOICE_CALL: ({ title }) => still(title, 'call'),
  CATALOG: ({ title }, message, chat) => sells(message, title, chat, wholeShop),
  SPM: ({ title, product }, message, chat) => sells(message, title, chat, () => shopOfProduct(product)),
  MPM: ({ title, sections }, message, chat) => sells(message, title, chat, () => shopOfSections(title, sections)),
};

/** Such a button of a template, or null for any other. */
export const templateOfferOf = (choice, message, chat) => TEMPLATE_WAYS[choice.kind]?.(choice, message, chat) ?? null;

/**
 * What stands below an interactive message that is neither buttons nor a list, or below a template that asks to call; null
 * for any other message.
 */
export function offerOf(message, chat) {
  if (message.from === 'business' && message.content.template?.asksToCall) return asksToCall(message, chat);
  const way = message.from === 'business' && message.type === 'interactive' ? WAYS[message.content.type] : undefined;
  return way ? way(message, chat) : null;
}
