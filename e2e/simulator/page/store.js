/**
 * What the page knows: the phones, their chats, and which phones are shown. Loaded whole, then kept by server-sent
 * events; after a lost connection it is loaded whole again.
 */
export const store = {
  numbers: [],
  phones: new Map(),
  /** `${phoneNumberId}:${phone key}` → Map of messages by id. */
  chats: new Map(),
  /** The number that the customers write to. */
  numberId: '',
  consoleUrl: null,
  /** What can be made to happen, and the codes that a message can be made to fail with. */
  happenings: [],
  failures: [],
  /** What the business sells: `{ catalogId, products: [{ id, name, price, currency }] }`. */
  shop: { catalogId: '', products: [] },
};

const listeners = new Set();

/** `listener(event)` hears of `loaded`, `phone`, `message`, `typing` and `connection`. */
export function listen(listener) {
  listeners.add(listener);
}

export function tell(event) {
  for (const listener of listeners) listener(event);
}

export function messagesOf(key) {
  return store.chats.get(`${store.numberId}:${key}`) ?? new Map();
}

export function businessNumber() {
  return store.numbers.find(({ id }) => id === store.numberId);
}

/** Calls the simulator; a refusal becomes an Error with its sentence. */
export async function call(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error ?? 'The simulator refused that.');
  return content;
}

/** What goes elsewhere than to the customer's own messages, by the key of the action. */
const ROUTES = {
  call: 'calls',
  business: 'business',
  happening: 'happenings',
  identity: 'identity',
  failure: 'failures',
};

/**
 * A customer does something: `{ text, quoted }`, `{ reaction }`, `{ reply, quoted }`, `{ edit }`, `{ revoke }` or
 * `{ call }`; or something happens to them: `{ business }` on the business's own phone, `{ happening }`, `{ identity }`,
 * `{ failure }`.
 */
export function act(key, action) {
  const [name] = Object.keys(action).filter((known) => known in ROUTES);
  const path = `/phones/${encodeURIComponent(key)}/${ROUTES[name] ?? 'messages'}`;
  return call(path, { phoneNumberId: store.numberId, ...(name ? action[name] : action) });
}

export function setPresence(key, presence) {
  return call(`/phones/${encodeURIComponent(key)}/presence`, { presence });
}

/** Opens the event stream; loads everything each time it (re)opens. */
export function connect() {
  const stream = new EventSource('/phones/events');
  stream.onopen = async () => {
    await load();
    tell({ type: 'connection', isLive: true });
  };
  stream.onerror = () => tell({ type: 'connection', isLive: false });
  stream.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === 'reset') return void load();
    if (event.type === 'phone') store.phones.set(event.phone.key, event.phone);
    if (event.type === 'message') remember(event);
    tell(event);
  };
}

async function load() {
  const state = await (await fetch('/phones')).json();
  store.numbers = state.numbers;
  store.consoleUrl = state.consoleUrl;
  store.happenings = state.happenings;
  store.failures = state.failures;
  store.shop = state.shop;
  if (!businessNumber()) store.numberId = state.numbers[0]?.id ?? '';
  store.phones = new Map(state.phones.map((phone) => [phone.key, phone]));
  store.chats = new Map();
  for (const { key, phoneNumberId, messages } of state.chats) {
    store.chats.set(`${phoneNumberId}:${key}`, new Map(messages.map((message) => [message.id, message])));
  }
  tell({ type: 'loaded' });
}

function remember({ key, phoneNumberId, message }) {
  const id = `${phoneNumberId}:${key}`;
  const messages = store.chats.get(id) ?? new Map();
  messages.set(message.id, message);
  store.chats.set(id, messages);
}
