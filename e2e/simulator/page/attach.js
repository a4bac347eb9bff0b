import { h, icon } from './dom.js';
import { openShop, wholeShop } from './shop.js';

const SAMPLE_SIDE = 360;
/** Where the customers of the demo stand when they are asked. */
export const PLACE = {
  latitude: 38.7223,
  longitude: -9.1393,
  name: 'Lantern Books',
  address: 'Rua Garrett 12, Lisbon',
};
const CARD = {
  name: { formatted_name: 'Rui Tavares', first_name: 'Rui', last_name: 'Tavares' },
  org: { company: 'Harbour Maps' },
  phones: [{ phone: '+351 21 555 0100', type: 'WORK', wa_id: '351215550100' }],
};

/** What a phone makes of a file; sound in Ogg is a voice note. */
function typeOf(mimeType) {
  if (/^image\/(png|jpeg)$/.test(mimeType)) return 'image';
  if (/^video\/(mp4|3gpp)$/.test(mimeType)) return 'video';
  return mimeType.startsWith('audio/') ? 'audio' : 'document';
}

async function base64Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

async function mediaOf(blob, type, fileName) {
  const mimeType = blob.type === '' ? 'application/octet-stream' : blob.type;
  const voice = type === 'audio' && mimeType.startsWith('audio/ogg');
  const media = {
    type,
    data: await base64Of(blob),
    mimeType: voice ? 'audio/ogg; codecs=opus' : mimeType,
    fileName,
    voice,
  };
  return { media };
}

const animated = ({ media }) => ({ media: { ...media, animated: true } });

/** A picture of evening light, drawn here so that none has to be shipped. */
function drawn(type) {
  const canvas = h('canvas', { width: SAMPLE_SIDE, height: type === 'image/webp' ? SAMPLE_SIDE : SAMPLE_SIDE * 0.75 });
  const context = canvas.getContext('2d');
  if (type !== 'image/webp') {
    const sky = context.createLinearGradient(0, 0, 0, canvas.height);
    sky.addColorStop(0, '#1f4068');
    sky.addColorStop(0.6, '#e59866');
    sky.addColorStop(1, '#f9e2ae');
    context.fillStyle = sky;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.font = `${SAMPLE_SIDE * 0.6}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText('📚', canvas.width / 2, canvas.height / 2);
  return new Promise((resolve) => canvas.toBlob(resolve, type, 0.8));
}

async function fetched(path) {
  return (await fetch(path)).blob();
}

/** The clip beside the field: a file of one's own, or a sample of each kind. `send(action)` sends. */
export function createAttach(name, send) {
  const file = h('input', { type: 'file', hidden: true, 'aria-label': `Choose a file as ${name}` });
  file.addEventListener('change', async () => {
    const [chosen] = file.files;
    file.value = '';
    if (chosen) await send(await mediaOf(chosen, typeOf(chosen.type), chosen.name));
  });
  const samples = [
    ['A file…', () => file.click()],
    ['Photo', async () => send(await mediaOf(await drawn('image/jpeg'), 'image'))],
    ['Voice note', async () => send(await mediaOf(await fetched('/page/voice.ogg'), 'audio'))],
    ['Sticker', async () => send(await mediaOf(await drawn('image/webp'), 'sticker'))],
    ['Animated sticker', async () => send(animated(await mediaOf(await drawn('image/webp'), 'sticker')))],
    ['Location', () => send({ location: PLACE })],
    ['Contact', () => send({ card: CARD })],
    ['Order from the shop', () => openShop(wholeShop(), (order) => send({ order }))],
    ['Call, nobody picks up', () => send({ call: { isPickedUp: false } })],
    ['Call, picked up', () => send({ call: { isPickedUp: true } })],
  ];
  const menu = h(
    'div',
    { class: 'attach-menu', role: 'group', 'aria-label': 'What to send', hidden: true },
    ...samples.map(([label, act]) =>
      h('button', { type: 'button', onclick: () => (toggle(false), void act()) }, label),
    ),
  );
  const button = h(
    'button',
    {
      type: 'button',
      class: 'attach',
      'aria-label': `Attach as ${name}`,
      'aria-expanded': 'false',
      onclick: () => toggle(menu.hidden),
    },
    icon('clip'),
  );
  function toggle(isOpen) {
    menu.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) menu.querySelector('button').focus();
  }
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    toggle(false);
    button.focus();
  });
  return h('div', { class: 'attaching' }, button, menu, file);
}
