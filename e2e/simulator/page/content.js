import { h, icon } from './dom.js';

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

/** One line that stands for a message: in quotes and for assistive technology. */
export function summaryOf({ type, content }) {
  if (type === 'text') return content.body ?? '';
  if (type === 'template') return content.templateText ?? 'Template';
  if (type === 'button') return content.text ?? '';
  if (type === 'interactive') {
    return content.body?.text ?? content.button_reply?.title ?? content.list_reply?.title ?? 'Interactive message';
  }
  if (MEDIA_NAMES[type]) return content.caption ?? content.filename ?? MEDIA_NAMES[type];
  if (type === 'location') return content.name ?? 'Location';
  if (type === 'contacts') return 'Contact card';
  return 'Message';
}

/** The inside of a bubble. */
export function bodyOf(message) {
  const { type, content } = message;
  if (type === 'interactive' && content.body) return interactiveBody(content);
  if (MEDIA_NAMES[type]) {
    return [
      placeholder(content.filename ?? MEDIA_NAMES[type]),
      ...(content.caption ? [textBlock(content.caption)] : []),
    ];
  }
  if (type === 'location' || type === 'contacts') return [placeholder(summaryOf(message))];
  return [textBlock(summaryOf(message))];
}

function interactiveBody(content) {
  return [
    ...(content.header?.text ? [textBlock(content.header.text, 'text heading')] : []),
    textBlock(content.body.text),
    ...(content.footer?.text ? [textBlock(content.footer.text, 'text foot')] : []),
  ];
}

/** What the customer can tap under a message of the business: buttons of any kind, as `{ kind, id, title }`. */
export function buttonsOf({ type, content, from }) {
  if (from !== 'business') return [];
  if (type === 'template') {
    return (content.templateButtons ?? []).map((title) => ({ kind: 'template', id: title, title }));
  }
  if (type !== 'interactive' || content.type !== 'button') return [];
  return (content.action?.buttons ?? []).map(({ reply }) => ({ kind: 'button', id: reply.id, title: reply.title }));
}

/** The sections of a list message, or null when it is none. */
export function listOf({ type, content, from }) {
  if (from !== 'business' || type !== 'interactive' || content.type !== 'list') return null;
  return { label: content.action.button, sections: content.action.sections };
}
