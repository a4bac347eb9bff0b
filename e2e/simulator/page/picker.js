import { avatar, h } from './dom.js';
import { call, store } from './store.js';

/** Which phones are on the page; remembered in this browser. */
const REMEMBERED = 'parley-simulator-phones';
const narrow = matchMedia('(max-width: 700px)');

/** The chips that choose phones. `changed()` is called when another set is shown. */
export function createPicker(list, changed) {
  let shown = remembered();
  /** Messages that came for a phone while it was not shown. */
  const unseen = new Map();

  /** How many phones fit side by side, at least one; on a narrow screen it is always one. */
  const room = () => (narrow.matches ? 1 : Math.max(1, Math.min(4, Math.floor((innerWidth - 40) / 370))));

  function keys() {
    const known = shown?.filter((key) => store.phones.has(key)) ?? [...store.phones.keys()].slice(0, room());
    return narrow.matches ? known.slice(-1) : known;
  }

  function set(next) {
    shown = next;
    for (const key of keys()) unseen.delete(key);
    try {
      localStorage.setItem(REMEMBERED, JSON.stringify(next));
    } catch {
      // storage is off: the choice lasts as long as the page
    }
    render();
    changed();
  }

  function toggle(key) {
    const now = keys();
    if (narrow.matches) set([...(shown ?? []).filter((other) => other !== key), key]);
    else set(now.includes(key) ? now.filter((other) => other !== key) : [...now, key]);
  }

  function render() {
    const visible = keys();
    const focused = document.activeElement?.getAttribute('data-chip');
    list.replaceChildren(
      ...[...store.phones.values()].map(({ key, name }) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              class: 'chip',
              'data-chip': key,
              'aria-pressed': String(visible.includes(key)),
              onclick: () => toggle(key),
            },
            avatar(name, key),
            h('span', { class: 'who', dir: 'auto' }, name),
            unseen.has(key) ? h('span', { class: 'count', title: 'New messages' }, String(unseen.get(key))) : null,
          ),
        ),
      ),
    );
    if (focused) list.querySelector(`[data-chip="${CSS.escape(focused)}"]`)?.focus();
  }

  narrow.addEventListener('change', () => {
    render();
    changed();
  });
  return {
    keys,
    render,
    show: (key) => set([...keys().filter((other) => other !== key), key]),
    hide: (key) => set(keys().filter((other) => other !== key)),
    arrived: (key) => {
      if (keys().includes(key)) return;
      unseen.set(key, (unseen.get(key) ?? 0) + 1);
      render();
    },
  };
}

function remembered() {
  try {
    const keys = JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null');
    return Array.isArray(keys) && keys.length > 0 ? keys : null;
  } catch {
    return null;
  }
}

/** The form that adds a customer; `added(phone)` gets the new phone. */
export function bindAddDialog(added) {
  const dialog = document.getElementById('add-dialog');
  const form = document.getElementById('add-form');
  const error = document.getElementById('add-error');
  document.getElementById('add-customer').addEventListener('click', () => {
    form.reset();
    error.textContent = '';
    dialog.showModal();
  });
  document.getElementById('add-cancel').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      added(await call('/phones', Object.fromEntries(new FormData(form))));
      dialog.close();
    } catch (failure) {
      error.textContent = failure.message;
    }
  });
}
