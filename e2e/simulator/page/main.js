import { h } from './dom.js';
import { createPhone } from './phone.js';
import { bindAddDialog, createPicker } from './picker.js';
import { connect, listen, store } from './store.js';

const stage = document.getElementById('phones');
const live = document.getElementById('live');
const numberSelect = document.getElementById('number');
const consoleLink = document.getElementById('console-link');
/** The phones on the page by key. */
const shown = new Map();

const picker = createPicker(document.getElementById('picker'), arrange);
bindAddDialog((phone) => {
  store.phones.set(phone.key, phone);
  picker.show(phone.key);
  document.querySelector(`[data-composer="${CSS.escape(phone.key)}"]`)?.focus();
});

/** Puts exactly the chosen phones on the page, keeping those that were there. */
function arrange() {
  const keys = picker.keys();
  for (const [key, phone] of shown) {
    if (keys.includes(key)) continue;
    phone.element.remove();
    shown.delete(key);
  }
  for (const key of keys) {
    if (!shown.has(key))
      shown.set(
        key,
        createPhone(store.phones.get(key), () => picker.hide(key)),
      );
  }
  const elements = keys.map((key) => shown.get(key).element);
  const isSame = elements.length > 0 && elements.every((element, index) => stage.children[index] === element);
  if (!isSame || stage.children.length !== elements.length) {
    stage.replaceChildren(
      ...(elements.length > 0 ? elements : [h('p', { class: 'empty-page' }, 'Choose a customer above.')]),
    );
    for (const key of keys) shown.get(key).scrollToEnd();
  }
}

/** Builds every phone anew: after (re)connecting, after a reset, and when they write to another number. */
function rebuild() {
  for (const phone of shown.values()) phone.element.remove();
  shown.clear();
  picker.render();
  arrange();
}

function showNumbers() {
  document.getElementById('number-choice').hidden = store.numbers.length < 2;
  numberSelect.replaceChildren(
    ...store.numbers.map(({ id, name, phone }) =>
      h('option', { value: id, selected: id === store.numberId }, `${name} (+${phone})`),
    ),
  );
  consoleLink.hidden = !store.consoleUrl;
  if (!store.consoleUrl) return;
  const url = new URL(store.consoleUrl);
  // the name under which this machine was opened here, so that the console's cookies and origin are the usual ones
  if (url.hostname === '127.0.0.1') url.hostname = location.hostname;
  consoleLink.href = url.href;
}

numberSelect.addEventListener('change', () => {
  store.numberId = numberSelect.value;
  rebuild();
});

listen((event) => {
  if (event.type === 'connection') {
    live.textContent = event.isLive ? 'Live' : 'The simulator is not running';
    live.className = event.isLive ? 'live on' : 'live off';
  }
  if (event.type === 'loaded') {
    showNumbers();
    rebuild();
  }
  if (event.type === 'phone') {
    picker.render();
    shown.get(event.phone.key)?.updatePhone(event.phone);
  }
  if (event.phoneNumberId !== store.numberId) return;
  if (event.type === 'message') {
    shown.get(event.key)?.updateMessage(event.message);
    if (event.message.from === 'business' && event.message.status === 'delivered') picker.arrived(event.key);
  }
  if (event.type === 'typing') shown.get(event.key)?.showTyping(true);
});

connect();
