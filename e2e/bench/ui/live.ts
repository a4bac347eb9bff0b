import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { latencies, type Figure } from './figures.ts';
import type { Stage } from './stage.ts';

const MESSAGES = 60;
const REPLIES = 40;
/** Not a multiple of a frame, so that packets come at any moment of one. */
const PAUSE_MS = 137;
const KEY_PAUSE_MS = 43;
const SENTENCE = 'The blue atlas is here and we keep it for you until Friday, shall we send it to the harbour? ';
const BUBBLES = '[role=log] [role=article]';

let marks = 0;
export const newMark = (): string => `mark-${String((marks += 1)).padStart(5, '0')}-`;

/** Tells the page what to wait for; to be awaited before it is made to happen. */
export const expectPacket = (page: Page, marker: string, selector = BUBBLES): Promise<void> =>
  page.evaluate((given) => window.bench.expectPacket(given.marker, given.selector), { marker, selector });
export const latency = (page: Page, marker: string): Promise<number | null> =>
  page.evaluate((given) => window.bench.latency(given), marker);

/** A customer writes: from the packet's arrival in the page until the bubble is drawn. */
export async function arrivals(stage: Stage, page: Page, customer: number, where: string): Promise<Figure[]> {
  const samples: (number | null)[] = [];
  for (let n = 0; n < MESSAGES; n += 1) {
    const mark = newMark();
    await expectPacket(page, mark);
    await stage.writes({ customer, wamid: `wamid.ui.${mark}`, text: `${mark} is there any news?` });
    samples.push(await latency(page, mark));
    await delay(PAUSE_MS);
  }
  return latencies(`socket packet → bubble drawn, ${where}`, samples, 50);
}

/** An agent sends: from the key until the own bubble is drawn, whatever the server does. */
export async function replies(page: Page, where: string): Promise<Figure[]> {
  const samples: (number | null)[] = [];
  const composer = page.getByRole('textbox', { name: /^Reply to/ });
  for (let n = 0; n < REPLIES; n += 1) {
    const mark = newMark();
    await composer.fill(`${mark} it is on its way.`);
    await page.evaluate((marker) => window.bench.expectOwn(marker), mark);
    await composer.press('Enter');
    samples.push(await latency(page, mark));
    await delay(PAUSE_MS);
  }
  return latencies(`Enter → own bubble drawn, ${where}`, samples, 50);
}

/** Writing, a key at a time: until the letter is drawn, and what the page did for it. */
export async function writing(page: Page, where: string): Promise<Figure[]> {
  const composer = page.getByRole('textbox', { name: /^Reply to/ });
  await composer.fill('');
  await composer.focus();
  await page.evaluate(() => window.bench.startKeys());
  for (const letter of SENTENCE) {
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await delay(KEY_PAUSE_MS);
  }
  await delay(500);
  const { toPaint, work } = await page.evaluate(() => window.bench.endKeys());
  await composer.fill('');
  return [
    ...latencies(`key → letter drawn, ${where}`, toPaint),
    ...latencies(`key, the page’s work for it, ${where}`, work, 16),
  ];
}
