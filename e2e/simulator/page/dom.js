/**
 * Small helpers to build elements. Text is only ever set as text, never as markup.
 */

/** `h('button', { type: 'button', class: 'x', onclick }, 'Text', child)`. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SHAPES = {
  send: ['M4 12l16-8-6 16-3-7z'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  reply: ['M9 7l-5 5 5 5', 'M4 12h9a7 7 0 0 1 7 7'],
  smile: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M8.5 14a4 4 0 0 0 7 0', 'M9 9.5v.01', 'M15 9.5v.01'],
  list: ['M9 6h11', 'M9 12h11', 'M9 18h11', 'M4 6v.01', 'M4 12v.01', 'M4 18v.01'],
  clock: ['M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z', 'M12 8v4l3 2'],
  tick: ['M5 13l4 4L19 7'],
  ticks: ['M1 13l4 4L15 7', 'M11 16l1 1L22 7'],
  clip: ['M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7'],
  file: ['M7 3h7l5 5v13H7z', 'M14 3v5h5'],
  pin: ['M12 21s-7-6.5-7-11.5a7 7 0 0 1 14 0C19 14.5 12 21 12 21z', 'M12 7.5a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z'],
  person: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M4 20c1-4 4-6 8-6s7 2 8 6'],
  call: ['M6 3l3 5-2 2a13 13 0 0 0 7 7l2-2 5 3-2 3C11 21 3 13 3 5z'],
  link: ['M14 4h6v6', 'M20 4l-9 9', 'M18 14v6H4V6h6'],
  signal: ['M4 20v-4', 'M9 20v-8', 'M14 20V8', 'M19 20V4'],
  'no-signal': ['M4 20v-4', 'M9 20v-8', 'M14 20V8', 'M19 20V4', 'M3 3l18 18'],
  battery: ['M3 8h15v8H3z', 'M21 11v2', 'M5 10.5v3', 'M9 10.5v3', 'M13 10.5v3'],
  open: ['M12 5c5 0 9 5 9 7s-4 7-9 7-9-5-9-7 4-7 9-7z', 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z'],
  away: ['M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z'],
};

/** A line icon; decorative, so hidden from assistive technology. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', shape);
    svg.append(path);
  }
  return svg;
}

/** The first letter of a name on a colour that is always the same for the same person. */
export function avatar(name, key) {
  const hue = [...key].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 997, 7) % 6;
  return h('span', { class: `avatar hue-${hue}`, 'aria-hidden': 'true' }, [...name][0]?.toLocaleUpperCase() ?? '?');
}

export function formatTime(iso) {
  return new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

export function formatDay(iso) {
  const today = new Date().toDateString() === new Date(iso).toDateString();
  return today ? 'Today' : new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(iso));
}
