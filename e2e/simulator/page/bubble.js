import { bodyOf, buttonsOf, listOf, summaryOf } from './content.js';
import { formatTime, h, icon } from './dom.js';
import { openSheet } from './sheet.js';

const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const STATUS_TEXT = {
  sent: 'sent',
  delivered: 'delivered to the business',
  read: 'read by the business',
};

/**
 * One message. `chat` offers `name`, `find(id)`, `react(message, emoji)`, `quote(message)`, `reply(message, choice)` and
 * `show(id)`. Returns its element and `update(message)`, which changes only what moved, so focus stays where it is.
 */
export function createBubble(message, chat) {
  const meta = h('div', { class: 'meta' });
  const reactions = h('div', { class: 'reactions', hidden: true });
  const choices = h('div', { class: 'choices' });
  const body = h('div', { class: 'body' }, quoteOf(message, chat), ...bodyOf(message), meta);
  const toolsButton = h(
    'button',
    { type: 'button', class: 'tools-button', 'aria-label': 'Reply or react', 'aria-expanded': 'false' },
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

  const update = (next) => {
    current = next;
    meta.replaceChildren(h('time', { datetime: next.at }, formatTime(next.at)), ...ticksOf(next));
    const emojis = Object.values(next.reactions);
    reactions.hidden = emojis.length === 0;
    reactions.replaceChildren(...emojis.map((emoji) => h('span', {}, emoji)));
    choices.replaceChildren(...choicesOf(next, chat));
  };
  update(message);
  return { element, update };
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
  return buttonsOf(message).map((choice) => {
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
  });
}

function toggleTools(element, toolsButton, message, chat) {
  const opened = element.querySelector('.tools');
  toolsButton.setAttribute('aria-expanded', String(!opened));
  if (opened) return void opened.remove();
  const close = () => {
    element.querySelector('.tools')?.remove();
    toolsButton.setAttribute('aria-expanded', 'false');
  };
  const tools = h(
    'div',
    { class: 'tools', role: 'group', 'aria-label': 'Reply or react' },
    h(
      'button',
      { type: 'button', 'aria-label': 'Reply', onclick: () => (close(), chat.quote(message)) },
      icon('reply'),
    ),
    ...EMOJIS.map((emoji) => emojiButton(emoji, message, chat, close)),
  );
  tools.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    toolsButton.focus();
  });
  element.querySelector('.holder').after(tools);
  tools.querySelector('button').focus();
  tools.scrollIntoView({ block: 'nearest' });
}

function emojiButton(emoji, message, chat, close) {
  const isSet = message.reactions.customer === emoji;
  const onclick = () => {
    close();
    chat.react(message, isSet ? '' : emoji);
  };
  return h(
    'button',
    { type: 'button', 'aria-pressed': String(isSet), 'aria-label': `React with ${emoji}`, onclick },
    emoji,
  );
}
