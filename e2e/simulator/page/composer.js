import { summaryOf } from './content.js';
import { createAttach } from './attach.js';
import { h, icon } from './dom.js';

/** What is typed but not sent, by phone: it survives a rebuilt page part. */
const drafts = new Map();

/**
 * Where the customer writes. `send({ text, quoted })` sends; `starters` are first sentences to tap. Returns its element,
 * `quote(message)`, `showError(failure)`, and `hideStarters()` once the customer has written.
 */
export function createComposer({ key, name, businessName, starters, send }) {
  let quoted = null;
  /** One after the other, so that messages arrive in the order in which they were typed. */
  let sending = Promise.resolve();
  const quoting = h('div', { class: 'quoting', hidden: true });
  const error = h('p', { class: 'error', role: 'alert', hidden: true });
  const input = h('textarea', {
    rows: 1,
    dir: 'auto',
    maxlength: 4096,
    placeholder: `Message ${businessName}`,
    'aria-label': `Write as ${name}`,
    'data-composer': key,
  });
  input.value = drafts.get(key) ?? '';
  input.addEventListener('input', () => drafts.set(key, input.value));
  const chips = h(
    'div',
    { class: 'starters' },
    ...starters.map((text) => h('button', { type: 'button', dir: 'auto', onclick: () => submit(text) }, text)),
  );
  const form = h(
    'form',
    { class: 'write' },
    createAttach(name, (action) => send(action).catch(showError)),
    input,
    h('button', { type: 'submit', 'aria-label': `Send as ${name}`, title: 'Send (Enter)' }, icon('send')),
  );

  async function submit(text) {
    if (text.trim() === '') return;
    const before = { text: input.value, quoted };
    setText('');
    setQuoted(null);
    error.hidden = true;
    try {
      sending = sending
        .catch(() => undefined)
        .then(() => send({ text, ...(before.quoted ? { quoted: before.quoted.id } : {}) }));
      await sending;
    } catch (failure) {
      setText(before.text);
      setQuoted(before.quoted);
      showError(failure);
    }
  }

  function showError(failure) {
    error.textContent = `Not done: ${failure.message}`;
    error.hidden = false;
  }

  function setText(text) {
    input.value = text;
    drafts.set(key, text);
  }

  function setQuoted(message) {
    quoted = message;
    quoting.hidden = message === null;
    quoting.replaceChildren();
    if (!message) return;
    quoting.append(
      h(
        'div',
        { class: 'quote' },
        h('strong', {}, message.from === 'customer' ? 'You' : businessName),
        h('span', { dir: 'auto' }, summaryOf(message)),
      ),
      h('button', { type: 'button', 'aria-label': 'Do not quote', onclick: () => setQuoted(null) }, icon('close')),
    );
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(input.value);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && quoted) setQuoted(null);
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void submit(input.value);
  });

  return {
    element: h('div', { class: 'composer' }, chips, quoting, error, form),
    showError,
    quote: (message) => {
      setQuoted(message);
      input.focus();
    },
    hideStarters: () => {
      chips.hidden = true;
    },
  };
}
