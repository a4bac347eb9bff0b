import { h, icon } from './dom.js';
import { store } from './store.js';

/** WhatsApp's own formatting: *bold*, _italic_, ~struck~, `code`; built as elements, never as markup. */
const MARKS = [
  { pattern: /```([^`]+)```|`([^`\n]+)`/u, tag: 'code' },
  { pattern: /(?<![\p{L}\p{N}*])\*(?!\s)([^*\n]+?)(?<!\s)\*(?![\p{L}\p{N}*])/u, tag: 'strong' },
  { pattern: /(?<![\p{L}\p{N}_])_(?!\s)([^_\n]+?)(?<!\s)_(?![\p{L}\p{N}_])/u, tag: 'em' },
  { pattern: /(?<![\p{L}\p{N}~])~(?!\s)([^~\n]+?)(?<!\s)~(?![\p{L}\p{N}~])/u, tag: 's' },
];

function formatted(text, marks = MARKS) {
  const [mark, ...others] = marks;
  if (!mark) return [text];
  const found = mark.pattern.exec(text);
  if (!found) return formatted(text, others);
  const inner = found[1] ?? found[2] ?? '';
  return [
    ...formatted(text.slice(0, found.index), others),
    h(mark.tag, {}, ...(mark.tag === 'code' ? [inner] : formatted(inner, others))),
    ...formatted(text.slice(found.index + found[0].length), marks),
  ];
}

function textBlock(text, className = 'text') {
  return h('div', { class: className, dir: 'auto' }, ...formatted(text));
}

function placeholder(text) {
  return h('div', { class: 'placeholder' }, icon('file'), h('span', {}, text));
}

const MEDIA_NAMES = {
  image: 'Photo',
  video: 'Video',
  audio: 'Voice message',
  document: 'Document',
  sticker: 'Sticker',
};

const OTHERS = {
  unsupported: 'Something that WhatsApp does not hand over',
  request_welcome: 'Opened the chat for the first time',
  hologram: 'Something of the future',
};

/** One line that stands for a message: in quotes and for assistive technology. */
export function summaryOf({ type, content, revoked }) {
  if (revoked) return 'This message was deleted';
  if (type === 'text') return content.body ?? '';
  if (type === 'template') return content.templateText ?? 'Template';
  if (type === 'button') return content.text ?? '';
  if (type === 'interactive') {
    const { body, button_reply: button, list_reply: row, call_permission_reply: call, nfm_reply: form } = content;
    if (call) return call.response === 'accept' ? 'Calls allowed' : 'Calls not allowed';
    return body?.text ?? button?.title ?? row?.title ?? form?.body ?? 'Interactive message';
  }
  if (MEDIA_NAMES[type]) return content.caption ?? content.filename ?? MEDIA_NAMES[type];
  if (type === 'location') return content.name ?? 'Location';
  if (type === 'contacts') return 'Contact card';
  if (type === 'order') return content.text || 'Order';
  return OTHERS[type] ?? 'Message';
}

/** The file itself where a phone shows it, else its name to save it by. */
function fileBody(type, content) {
  if (!content.id) return placeholder(content.filename ?? MEDIA_NAMES[type]);
  const src = `/phones/media/${content.id}`;
  if (type === 'image' || type === 'sticker') {
    return h('img', { class: type, src, alt: content.caption ?? MEDIA_NAMES[type] });
  }
  if (type === 'video') return h('video', { class: 'film', src, controls: true, preload: 'metadata' });
  if (type === 'audio') return h('audio', { class: 'sound', src, controls: true, preload: 'metadata' });
  const name = content.filename ?? MEDIA_NAMES[type];
  return h('a', { class: 'placeholder', href: src, download: name }, icon('file'), h('span', {}, name));
}

/** Names on contact cards; a customer's stand as a list, a business's under `cards`. */
function cardsOf(content) {
  const cards = Array.isArray(content) ? content : (content.cards ?? []);
  return cards.length > 0 ? cards.map(({ name }) => name?.formatted_name ?? 'Contact') : ['Contact card'];
}

/** The inside of a bubble. */
export function bodyOf(message) {
  const { type, content } = message;
  if (type === 'interactive' && content.action) return interactiveBody(content);
  if (type === 'template') return templateBody(content);
  if (MEDIA_NAMES[type]) {
    return [fileBody(type, content), ...(content.caption ? [textBlock(content.caption)] : [])];
  }
  if (type === 'location') {
    const { name, latitude, longitude } = content;
    return [placeholder(`${name ?? 'Location'} (${latitude}, ${longitude})`)];
  }
  if (type === 'order') return orderBody(content);
  if (type === 'contacts') return cardsOf(content).map((name) => placeholder(name));
  return [textBlock(summaryOf(message))];
}

/** Lines of an order as the basket shows them. */
function orderBody({ product_items: items = [], text }) {
  const lines = items.map(
    ({ product_retailer_id: id, quantity, item_price: price, currency }) => `${quantity} × ${id}, ${price} ${currency}`,
  );
  return [...lines.map((line) => placeholder(line)), ...(text ? [textBlock(text)] : [])];
}

/** Header, text and footer of a template; its buttons stand below the bubble. */
function templateBody({ template, templateText }) {
  const { header, footer, offer, buttons = [] } = template ?? {};
  const { cover } = buttons.find((button) => button.cover) ?? {};
  const format = header?.format.toLowerCase();
  return [
    ...(header?.text ? [format === 'text' ? textBlock(header.text, 'text heading') : placeholder(header.text)] : []),
    ...(header?.product ? [productBlock(header.product)] : []),
    ...(cover ? [productBlock({ id: cover })] : []),
    ...(header && !header.text && !header.product
      ? [fileBody(format, { id: header.id, filename: header.filename })]
      : []),
    ...(offer ? [offerBlock(offer)] : []),
    textBlock(templateText ?? 'Template'),
    ...(footer ? [textBlock(footer, 'text foot')] : []),
  ];
}

/** A product by its name where the shop has it, else by its id. */
function productBlock({ id }) {
  return placeholder(store.shop.products.find((product) => product.id === id)?.name ?? `Product ${id}`);
}

/** A product on a card: its picture's square, its name, its price. */
function goodsBlock(product) {
  const { price, currency } = store.shop.products.find(({ id }) => id === product.id) ?? {};
  return [
    h('div', { class: 'goods', 'aria-hidden': 'true' }),
    productBlock(product),
    ...(price === undefined ? [] : [textBlock(`${price.toFixed(2)} ${currency}`)]),
  ];
}

/** What a limited-time offer says of itself, and until when it holds. */
function offerBlock({ text, endsAtMs }) {
  const ends = endsAtMs === undefined ? null : new Date(endsAtMs);
  return h(
    'div',
    { class: 'offer' },
    h('strong', { dir: 'auto' }, text),
    ends &&
      h(
        'time',
        { datetime: ends.toISOString() },
        `Ends ${ends.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`,
      ),
  );
}

/** The cards of a carousel, each with what stands on it and its buttons; empty for everything else. */
export function cardsShownOf({ type, content, from }) {
  if (from !== 'business' || type !== 'template') return [];
  return (content.template?.cards ?? []).map(({ format, id, product, text, buttons }) => ({
    body: [
      ...(product ? goodsBlock(product) : [fileBody(format.toLowerCase(), { id })]),
      ...(text ? [textBlock(text)] : []),
    ],
    buttons: buttons.map((button) => choiceOf(button, product)),
  }));
}

/** What stands above the words: others, or a file. */
const aboveOf = ({ type, text, [type]: file }) =>
  text ? [textBlock(text, 'text heading')] : [fileBody(type, { id: file.id, filename: file.filename })];

function interactiveBody(content) {
  return [
    ...(content.header ? aboveOf(content.header) : []),
    ...goodsOf(content),
    ...(content.body?.text ? [textBlock(content.body.text)] : []),
    ...(content.footer?.text ? [textBlock(content.footer.text, 'text foot')] : []),
  ];
}

/** Products stand there by their ids: the catalogue is at Meta. */
function goodsOf({ type, action }) {
  if (type === 'product') return [placeholder(`Product ${action.product_retailer_id}`)];
  if (type === 'product_list') {
    const count = action.sections.reduce((sum, { product_items: items }) => sum + items.length, 0);
    return [placeholder(`${count} ${count === 1 ? 'product' : 'products'}`)];
  }
  if (type !== 'catalog_message') return [];
  const { thumbnail_product_retailer_id: cover } = action.parameters ?? {};
  return [placeholder('Catalogue'), ...(cover ? [productBlock({ id: cover })] : [])];
}

/** What the customer can tap under a message of the business: buttons of any kind, as `{ kind, id, title }`. */
export function buttonsOf({ type, content, from }) {
  if (from !== 'business') return [];
  if (type === 'template') {
    const { buttons = [], header } = content.template ?? {};
    return buttons.map((button) => choiceOf(button, header?.product));
  }
  if (type !== 'interactive' || content.type !== 'button') return [];
  return (content.action?.buttons ?? []).map(({ reply }) => ({ kind: 'button', id: reply.id, title: reply.title }));
}

const choiceOf = ({ type: does, title, payload, value, sections }, product) =>
  does === 'QUICK_REPLY'
    ? { kind: 'template', id: payload, title }
    : { kind: does, id: payload, title, value, sections, product };

/** The sections of a list message, or null when it is none. */
export function listOf({ type, content, from }) {
  if (from !== 'business' || type !== 'interactive' || content.type !== 'list') return null;
  return { label: content.action.button, sections: content.action.sections };
}
