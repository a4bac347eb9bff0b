import { summaryOf } from './content.js';
import { h, icon } from './dom.js';
import { ask } from './form.js';

const EMOJIS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];
const MAX_TEXT = 4096;

/** What can be done to a message, besides quoting it and reacting to it: by who wrote it, and on the business's phone. */
function deedsOf(message, chat) {
  const edit = (label, act) => [
    label,
    () => {
      const { body = '' } = message.content;
      ask(label, [{ name: 'text', label: 'New wording', value: body, maxlength: MAX_TEXT }], ({ text }) => act(text));
    },
  ];
  const messageId = message.id;
  const isText = message.type === 'text';
  if (message.revoked) return [];
  if (message.from === 'customer') {
    return [
      ...(isText ? [edit('Edit', (text) => chat.answer(message, { edit: { messageId, text } }))] : []),
      ['Delete', () => chat.answer(message, { revoke: { messageId } })],
      ['❤️ from the business’s phone', () => chat.asBusiness({ reaction: { messageId, emoji: '❤️' } })],
      ['No reaction from the business’s phone', () => chat.asBusiness({ reaction: { messageId, emoji: '' } })],
    ];
  }
  if (!message.byApp) return [];
  return [
    ...(isText ? [edit('Edit on the business’s phone', (text) => chat.asBusiness({ edit: { messageId, text } }))] : []),
    ['Delete on the business’s phone', () => chat.asBusiness({ revoke: { messageId } })],
  ];
}

/** Opens or closes the tools of a message under it. */
export function toggleTools(element, toolsButton, message, chat) {
  const opened = element.querySelector('.tools');
  toolsButton.setAttribute('aria-expanded', String(!opened));
  if (opened) return void opened.remove();
  const close = () => {
    element.querySelector('.tools')?.remove();
    toolsButton.setAttribute('aria-expanded', 'false');
    toolsButton.focus();
  };
  const tools = h(
    'div',
    { class: 'tools', role: 'group', 'aria-label': `Reply to, react to or change: ${summaryOf(message)}` },
    h(
      'div',
      { class: 'emojis' },
      h(
        'button',
        { type: 'button', 'aria-label': 'Reply', onclick: () => (close(), chat.quote(message)) },
        icon('reply'),
      ),
      ...EMOJIS.map((emoji) => emojiButton(emoji, message, chat, close)),
    ),
    ...deedsOf(message, chat).map(([label, act]) =>
      h('button', { type: 'button', class: 'deed', onclick: () => (close(), void act()) }, label),
    ),
  );
  tools.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
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
