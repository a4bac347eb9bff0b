// Draws the icons of the installed console anew from its own shape: node tools/icons.mjs (needs the tests' Chromium).
import { mkdirSync } from 'node:fs';
import { inRoot } from './lib/paths.mjs';
import { provideChromium } from './services/chromium.mjs';

const ACCENT = '#0f766e';
const BUBBLE =
  'M14 2.5C7.4 2.5 2.5 7 2.5 12.9c0 3.3 1.6 6.2 4.2 8.1l-.5 4.5 4.7-2.5c1 .2 2 .4 3.1.4 6.6 0 11.5-4.6 11.5-10.5S20.6 2.5 14 2.5Z';
const LETTER = 'M10.5 17.5v-8h4.2a2.9 2.9 0 0 1 0 5.8h-4.2';

const line = (colour) =>
  `<path d="${LETTER}" stroke="${colour}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>`;

/** Without a colour the letter is cut out. `share`: how much of the square the shape fills; what a phone cuts round keeps four fifths (W3C, maskable icons). */
const draw = (size, { ground, bubble, letter, share }) => {
  const inset = (28 * (1 / share - 1)) / 2;
  const box = 28 + 2 * inset;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="${-inset} ${-inset} ${box} ${box}" fill="none">
    ${ground ? `<rect x="${-inset}" y="${-inset}" width="${box}" height="${box}" fill="${ground}"/>` : ''}
    <mask id="cut"><rect width="28" height="28" fill="#fff"/>${letter ? '' : line('#000')}</mask>
    <path d="${BUBBLE}" fill="${bubble}" mask="url(#cut)"/>
    ${letter ? line(letter) : ''}
  </svg>`;
};

const plain = { bubble: ACCENT, letter: '#fff', share: 0.94 };
const filled = { ground: ACCENT, bubble: '#fff', letter: ACCENT };
const ICONS = {
  'icon-192': draw(192, plain),
  'icon-512': draw(512, plain),
  'maskable-512': draw(512, { ...filled, share: 0.58 }),
  'apple-touch-icon': draw(180, { ...filled, share: 0.68 }),
  // A phone's status bar takes the shape alone.
  'badge-96': draw(96, { bubble: '#fff', letter: null, share: 0.94 }),
};

const { chromium } = await import(inRoot('node_modules', '@playwright', 'test', 'index.mjs'));
const folder = inRoot('console', 'public', 'icons');
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: await provideChromium() });
const page = await browser.newPage();
for (const [name, svg] of Object.entries(ICONS)) {
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  await page.locator('svg').screenshot({ path: `${folder}/${name}.png`, omitBackground: true });
}
await browser.close();
