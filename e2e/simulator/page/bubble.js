import { bodyOf, buttonsOf, cardsShownOf, listOf, summaryOf } from './content.js';
import { formatTime, h, icon } from './dom.js';
import { offerOf, templateOfferOf } from './offers.js';
import { openSheet } from './sheet.js';
import { toggleTools } from './tools.js';

const STATUS_TEXT = {
  sent: 'sent',
  delivered: 'delivered to the business',
  read: 'read by the business',
};

/**
 * One message. `chat` offers `name`, `find(id)`, `react(message, emoji)`, `quote(message)`, `reply(message, choice)`,
 * `answer(message, content)`, `asBusiness(action)` and `show(id)`. Returns its element and `update(message)`, which changes only what moved, so focus stays where it is.
 */
export function createBubble(message, chat) {
  const meta = h('div', { class: 'meta' });
  const reactions = h('div', { class: 'reactions', hidden: true });
  const choices = h('div', { class: 'choices' });
  const said = h('div', { class: 'said' }, ...saidOf(message));
  const body = h('div', { class: 'body' }, quoteOf(message, chat), said, meta);
  const toolsButton = h(
    'button',
    { type: 'button', class: 'tools-button', 'aria-label': 'Reply, react or change', 'aria-expanded': 'false' },
    icon('smile'),
  );
  const element = h(
    'div',
    { class: `bubble ${message.from}`, 'data-id': message.id },
    h('span', { class: 'sr-only' }, message.from === 'customer' ? 'You wrote:' : `${chat.name} wrote:`),
    h('div', { class: 'holder' }, body, toolsButton),
    choices,
    reactions,
  );
  let current = message;
  toolsButton.addEventListener('click', () => toggleTools(element, toolsButton, current, chat));

  let wording = wordingOf(message);
  const update = (next) => {
    current = next;
    if (wordingOf(next) !== wording) said.replaceChildren(...saidOf(next));
    wording = wordingOf(next);
    meta.replaceChildren(
      ...(next.edited && !next.revoked ? [h('span', {}, 'Edited')] : []),
      h('time', { datetime: next.at }, formatTime(next.at)),
      ...ticksOf(next),
    );
    const emojis = next.revoked ? [] : Object.values(next.reactions);
    reactions.hidden = emojis.length === 0;
    reactions.replaceChildren(...emojis.map((emoji) => h('span', {}, emoji)));
    choices.replaceChildren(...(next.revoked ? [] : choicesOf(next, chat)));
  };
  update(message);
  return { element, update };
}

/** Changes when what is said does: media that play are not built anew for a tick. */
const wordingOf = ({ content, revoked }) => JSON.stringify([content, revoked ?? false]);

function saidOf(message) {
  if (message.revoked) return [h('div', { class: 'text foot' }, 'This message was deleted')];
  const mark = message.byApp ? 'Written on the business’s own phone' : message.mark;
  return [...(mark ? [h('div', { class: 'text foot' }, mark)] : []), ...bodyOf(message)];
}

function quoteOf(message, chat) {
  if (!message.quoted || message.type === 'interactive' || message.type === 'button') return null;
  const quoted = chat.find(message.quoted);
  return h(
    'button',
    { type: 'button', class: 'quote', onclick: () => chat.show(message.quoted) },
    h('strong', {}, quoted ? (quoted.from === 'customer' ? 'You' : chat.name) : 'Earlier message'),
    h('span', { dir: 'auto' }, quoted ? summaryOf(quoted) : 'Not on this phone any more'),
  );
}

/** Ticks of what the customer wrote: one = sent, two = the business has it, coloured = it marked it as read. */
function ticksOf(message) {
  if (message.from !== 'customer') return [];
  const text = STATUS_TEXT[message.status] ?? message.status;
  return [
    h('span', { class: `ticks ${message.status}` }, icon(message.status === 'sent' ? 'tick' : 'ticks')),
    h('span', { class: 'sr-only' }, text),
  ];
}

function choicesOf(message, chat) {
  const list = listOf(message);
  if (list) {
    const open = () => openSheet(list, (row) => chat.reply(message, { kind: 'list', ...row }));
    return [h('button', { type: 'button', class: 'choice', onclick: open }, icon('list'), list.label)];
  }
  const offer = offerOf(message, chat);
  if (offer) return offer;
  const cards = cardsShownOf(message);
  return [
    ...(cards.length > 0 ? [carouselOf(cards, message, chat)] : []),
    ...buttonsOf(message).map((choice) => choiceButton(choice, message, chat)),
  ];
}

function choiceButton(choice, message, chat) {
  const offer = templateOfferOf(choice, message, chat);
  if (offer) return offer;
  if (choice.value !== undefined) return deedOf(choice);
  const isChosen = message.chosen === choice.id;
  return h(
    'button',
    {
      type: 'button',
      class: isChosen ? 'choice chosen' : 'choice',
      disabled: message.chosen !== undefined,
      onclick: () => chat.reply(message, choice),
    },
    icon(isChosen ? 'tick' : 'reply'),
    choice.title,
  );
}

/** Cards side by side, to be moved through with a finger or the keys. */
function carouselOf(cards, message, chat) {
  return h(
    'ul',
    { class: 'carousel', tabindex: '0', 'aria-label': 'Cards' },
    ...cards.map(({ body, buttons }) =>
      h('li', { class: 'card' }, ...body, ...buttons.map((choice) => choiceButton(choice, message, chat))),
    ),
  );
}

/** What a phone does by itself: opens an address, calls a number, keeps a code. */
function deedOf({ kind, title, value }) {
  if (kind === 'COPY_CODE' || kind === 'OTP') {
    const copy = async (event) => {
      const { target } = event;
      await navigator.clipboard?.writeText(value).catch(() => undefined);
      target.replaceChildren(icon('tick'), `Copied ${value}`);
    };
    return h('button', { type: 'button', class: 'choice', onclick: copy }, icon('file'), title);
  }
  const href = kind === 'PHONE_NUMBER' ? `tel:${value}` : value;
  const isSafe = /^(https?:|tel:)/i.test(href);
  const link = { class: 'choice', ...(isSafe && { href }), target: '_blank', rel: 'noopener noreferrer', title: value };
  return h('a', link, icon(kind === 'PHONE_NUMBER' ? 'signal' : 'open'), title);
}
