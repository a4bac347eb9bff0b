import { createBubble } from './bubble.js';
import { createComposer } from './composer.js';
import { avatar, formatDay, formatTime, h, icon } from './dom.js';
import { openMore } from './more.js';
import { act, businessNumber, messagesOf, setPresence } from './store.js';

const TYPING_MS = 25_000;
const PRESENCES = [
  { value: 'open', label: 'Chat open', icon: 'open' },
  { value: 'away', label: 'In pocket', icon: 'away' },
  { value: 'off', label: 'No signal', icon: 'no-signal' },
];
const BANNERS = {
  away: 'In a pocket: messages arrive unread.',
  off: 'No signal: messages wait outside.',
};

/** A customer's phone: its owner, what the phone does, and the chat. `close()` takes it off the page. */
export function createPhone(phone, close) {
  const business = businessNumber();
  const bubbles = new Map();
  let lastDay = '';
  let typingTimer;
  let presence = phone.presence;

  const sub = h('div', { class: 'sub' });
  const signal = h('span', { class: 'signal' });
  const clock = h('span', {});
  const banner = h('div', { class: 'banner', hidden: true });
  const typing = h(
    'div',
    { class: 'typing', hidden: true },
    h('i'),
    h('i'),
    h('i'),
    h('span', { class: 'sr-only' }, 'typing'),
  );
  const welcome = h('p', { class: 'welcome' }, `No messages yet. Say hello to ${business?.name ?? 'the business'}.`);
  const log = h(
    'div',
    {
      class: 'messages',
      role: 'log',
      tabindex: '0',
      'aria-label': `Chat of ${phone.name} with ${business?.name ?? 'the business'}`,
    },
    welcome,
    typing,
  );
  const composer = createComposer({
    key: phone.key,
    name: phone.name,
    businessName: business?.name ?? 'the business',
    starters: phone.starters,
    send: async (action) => {
      if (presence !== 'open') await setPresence(phone.key, 'open'); // who writes has the phone in hand
      await act(phone.key, action);
    },
  });
  const chat = {
    name: business?.name ?? 'The business',
    find: (id) => messagesOf(phone.key).get(id),
    quote: (message) => composer.quote(message),
    react: (message, emoji) => act(phone.key, { reaction: { messageId: message.id, emoji } }),
    reply: (message, choice) => act(phone.key, { reply: choice, quoted: message.id }),
    answer: (message, content) =>
      act(phone.key, content.edit || content.revoke ? content : { ...content, quoted: message.id }),
    asBusiness: (action) => act(phone.key, { business: action }),
    show: (id) => bubbles.get(id)?.element.scrollIntoView({ block: 'center', behavior: 'smooth' }),
  };

  const owner = ownerHead(phone, close);
  let current = phone;
  const more = h(
    'button',
    {
      type: 'button',
      class: 'more',
      'aria-label': `More on the phone of ${phone.name}`,
      'aria-haspopup': 'dialog',
      onclick: () => openMore(current, chat.asBusiness, composer.showError),
    },
    'More…',
  );
  const screen = h(
    'div',
    { class: 'phone' },
    h('div', { class: 'status-bar', 'aria-hidden': 'true' }, clock, h('span', { class: 'notch' }), signal),
    h(
      'div',
      { class: 'chat-head' },
      avatar(chat.name, 'business'),
      h('div', {}, h('div', { class: 'title' }, chat.name), sub),
    ),
    banner,
    log,
    composer.element,
  );
  const element = h(
    'section',
    { class: 'owner', 'aria-label': `Phone of ${phone.name}` },
    owner.element,
    h('div', { class: 'controls' }, presenceChoice(), more),
    screen,
  );

  function presenceChoice() {
    const choose = (event) => void setPresence(phone.key, event.target.value);
    return h(
      'fieldset',
      { class: 'presence' },
      h('legend', { class: 'sr-only' }, `What the phone of ${phone.name} does`),
      ...PRESENCES.map(({ value, label, icon: name }) =>
        h(
          'label',
          {},
          h('input', { type: 'radio', name: `presence-${phone.key}`, value, onchange: choose }),
          icon(name),
          label,
        ),
      ),
    );
  }

  function updatePhone(next) {
    presence = next.presence;
    current = next;
    owner.update(next);
    for (const input of element.querySelectorAll('.presence input')) input.checked = input.value === presence;
    screen.classList.toggle('asleep', presence !== 'open');
    signal.replaceChildren(icon(presence === 'off' ? 'no-signal' : 'signal'), icon('battery'));
    banner.hidden = presence === 'open';
    banner.replaceChildren(
      h('span', {}, BANNERS[presence] ?? ''),
      h('button', { type: 'button', onclick: () => void setPresence(phone.key, 'open') }, 'Open the chat'),
    );
    for (const message of messagesOf(phone.key).values()) updateMessage(message);
  }

  /** Adds the message or moves its ticks. What the business sent is there once it was delivered. */
  function updateMessage(message) {
    if (message.from === 'business' && !['delivered', 'read', 'played'].includes(message.status)) return;
    const known = bubbles.get(message.id);
    if (known) return known.update(message);
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    welcome.remove();
    if (formatDay(message.at) !== lastDay) {
      lastDay = formatDay(message.at);
      typing.before(h('div', { class: 'day' }, lastDay));
    }
    const bubble = createBubble(message, chat);
    bubbles.set(message.id, bubble);
    typing.before(bubble.element);
    if (message.from === 'customer') composer.hideStarters();
    else showTyping(false);
    if (isAtEnd || message.from === 'customer') log.scrollTop = log.scrollHeight;
  }

  /** Meta: the indicator vanishes after 25 seconds, or when the message comes. */
  function showTyping(isTyping) {
    clearTimeout(typingTimer);
    typing.hidden = !isTyping || presence === 'off';
    sub.textContent = isTyping && presence !== 'off' ? 'typing…' : `+${business?.phone ?? ''}`;
    clock.textContent = formatTime(new Date().toISOString());
    if (!isTyping) return;
    log.scrollTop = log.scrollHeight;
    typingTimer = setTimeout(showTyping, TYPING_MS, false);
  }

  updatePhone(phone);
  showTyping(false);
  return { element, updatePhone, updateMessage, showTyping, scrollToEnd: () => (log.scrollTop = log.scrollHeight) };
}

/** Who owns the phone, as it is now. */
function ownerHead(phone, close) {
  const identity = h('p', {});
  const element = h(
    'div',
    { class: 'owner-head' },
    avatar(phone.name, phone.key),
    h('div', { class: 'facts' }, h('h2', {}, h('bdi', {}, phone.name)), identity),
    h(
      'button',
      { type: 'button', class: 'close', 'aria-label': `Put away the phone of ${phone.name}`, onclick: close },
      icon('close'),
    ),
  );
  const update = (next) => {
    const shown = next.waId && !next.hidesNumber ? `+${next.waId}` : `@${next.username ?? next.userId}`;
    identity.title = next.userId ?? '';
    identity.textContent = next.hidesNumber ? `${shown} · hides the number` : `${shown} · ${next.note}`;
  };
  update(phone);
  return { element, update };
}
