import { h } from './dom.js';

/** Forms are made at Meta, so every one of them asks the same here. */
const FLOW_FIELDS = [
  { name: 'name', label: 'Your name', maxlength: 200 },
  { name: 'wish', label: 'What would you like?', maxlength: 200 },
];

/** Shows the form of a flow; `send(answers)` gets what was written. */
export function askForm(label, send) {
  ask(label, FLOW_FIELDS, send);
}

/**
 * Asks for some fields, each `{ name, label, value?, maxlength?, inputmode?, options? }` (with options it is a choice);
 * `send(answers)` gets what was written, and its refusal is shown in the dialog, which then stays.
 */
export function ask(title, fields, send) {
  const dialog = h('dialog', { class: 'sheet', 'aria-label': title });
  const error = h('p', { class: 'error', role: 'alert' });
  const form = h(
    'form',
    { method: 'dialog' },
    h('h2', { dir: 'auto' }, title),
    ...fields.map(({ label, ...field }) => h('label', {}, label, controlOf(field))),
    error,
    h(
      'div',
      { class: 'actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => dialog.close() }, 'Close'),
      h('button', { type: 'submit', class: 'button' }, 'Send'),
    ),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await send(Object.fromEntries(new FormData(form)));
      dialog.close();
    } catch (failure) {
      error.textContent = failure.message;
    }
  });
  dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function controlOf({ options, value = '', ...attributes }) {
  if (!options) return h('input', { required: true, autocomplete: 'off', dir: 'auto', value, ...attributes });
  return h(
    'select',
    attributes,
    ...options.map(({ value: one, label }) => h('option', { value: one, selected: one === value }, label)),
  );
}
