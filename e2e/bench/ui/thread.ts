import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../support/results.ts';
import { latencies, p95, type Figure } from './figures.ts';
import { expectPacket, latency, newMark } from './live.ts';
import { FIRST_WAMID, FIRST_WORDS, LONG_CUSTOMER, LONG_THREAD, type Seed } from './seed.ts';
import type { Stage } from './stage.ts';

const PREPENDS = 20;
const ARRIVALS = 20;
const MOUNTS = 12;
const COLD = 20;
const FLING_PX = 1_200;
/** So late that the anchor is known to be watched when older messages come. */
const PAGE_DELAY_MS = 150;
const LOAD_ALL_MS = 180_000;
const OLDER = /\/messages\?.*before=/;

const openRow = (page: Page, id: string): Promise<number | null> => page.evaluate((one) => window.bench.open(one), id);

/** Rows of short threads, the first time and again from memory: click → drawn. */
export async function opening(page: Page, seed: Seed): Promise<Figure[]> {
  const shown = await page
    .locator('#list [data-conversation-id]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-conversation-id') ?? ''));
  const ids = shown.filter((id) => id !== seed.longId).slice(0, COLD);
  const samples: Record<'cold' | 'cached', (number | null)[]> = { cold: [], cached: [] };
  for (const pass of ['cold', 'cached'] as const)
    for (const id of ids) {
      samples[pass].push(await openRow(page, id));
      await delay(60);
    }
  return [
    ...latencies('click → thread drawn, first time (with the fetch)', samples.cold, 300),
    ...latencies('click → thread drawn, from memory', samples.cached, 100),
  ];
}

/** How far the row in the middle moves while a page of older messages is put above it. */
export async function prepending(page: Page): Promise<Figure[]> {
  await page.route(OLDER, async (route) => {
    await delay(PAGE_DELAY_MS);
    await route.continue();
  });
  const drifts: { px: number; lost: number }[] = [];
  for (let n = 0; n < PREPENDS; n += 1) {
    drifts.push(
      await page.evaluate(async () => {
        const scroller = document.querySelector('[role=log]');
        if (!scroller) throw new Error('no thread is open');
        const before = scroller.scrollHeight;
        const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
        scroller.scrollTop = scroller.clientHeight * 1.2;
        for (let settle = 0; settle < 4; settle += 1) await frame();
        window.bench.watchAnchor();
        await window.bench.painted(() => scroller.scrollHeight > before + scroller.clientHeight);
        for (let after = 0; after < 12; after += 1) await frame();
        return window.bench.anchorDrift();
      }),
    );
  }
  await page.unroute(OLDER);
  return driftFigures('drift when older messages are put above', drifts);
}

/** The same while messages arrive below whoever reads further up. */
export async function readingAbove(stage: Stage, page: Page): Promise<Figure[]> {
  const drifts: { px: number; lost: number }[] = [];
  await page.evaluate(async () => {
    const scroller = document.querySelector('[role=log]');
    if (scroller) scroller.scrollTop = scroller.scrollHeight / 2;
    for (let settle = 0; settle < 6; settle += 1) await new Promise(requestAnimationFrame);
  });
  for (let n = 0; n < ARRIVALS; n += 1) {
    const mark = newMark();
    await page.evaluate(() => window.bench.watchAnchor());
    await expectPacket(page, mark, '#list [data-conversation-id]');
    await stage.writes({ customer: LONG_CUSTOMER, wamid: `wamid.ui.${mark}`, text: `${mark} and one more thing` });
    await latency(page, mark);
    await delay(150);
    drifts.push(await page.evaluate(() => window.bench.anchorDrift()));
  }
  return driftFigures('drift when messages arrive while reading above', drifts);
}

function driftFigures(measure: string, drifts: readonly { px: number; lost: number }[]): Figure[] {
  const most = Math.max(...drifts.map(({ px }) => px));
  const lost = drifts.reduce((sum, drift) => sum + drift.lost, 0);
  return [
    { measure: `${measure}, most of ${String(drifts.length)}`, value: most, unit: 'px', limit: 1 },
    { measure: `${measure}, frames without the row`, value: lost, unit: '', limit: 0 },
  ];
}

/** The customer quotes the first message of all: a click loads everything up to it and shows it. */
export async function jumping(stage: Stage, page: Page): Promise<Figure[]> {
  const mark = newMark();
  await expectPacket(page, mark);
  const text = `${mark} as I said`;
  await stage.writes({ customer: LONG_CUSTOMER, wamid: `wamid.ui.${mark}`, text, quotes: FIRST_WAMID });
  await latency(page, mark);
  const { ms, longTasks } = await page.evaluate(
    async ({ marker, words, timeoutMs }) => {
      const bubbles = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role=log] [role=article]')];
      const quote = bubbles()
        .find((bubble) => bubble.textContent.includes(marker))
        ?.querySelector<HTMLElement>('button');
      if (!quote) throw new Error('the quote is not on the screen');
      const isThere = (): boolean => {
        const first = bubbles().find(({ textContent }) => textContent.includes(words) && !textContent.includes(marker));
        const top = first?.getBoundingClientRect().top ?? -1;
        return top > 0 && top < window.innerHeight;
      };
      window.bench.startFrames();
      const startedAt = performance.now();
      quote.click();
      const at = await window.bench.painted(isThere, timeoutMs);
      return { ms: at === null ? Number.POSITIVE_INFINITY : at - startedAt, ...window.bench.endFrames() };
    },
    { marker: mark, words: FIRST_WORDS, timeoutMs: LOAD_ALL_MS },
  );
  return [
    { measure: `quote → message ${LONG_THREAD.toLocaleString('en')} further up drawn`, value: ms / 1_000, unit: 's' },
    { measure: 'long tasks meanwhile', value: longTasks.length, unit: '' },
    { measure: 'longest task meanwhile', value: Math.max(0, ...longTasks), unit: 'ms' },
  ];
}

/** With every message in memory: click → drawn, then all of it past the eye. */
export async function mounting(page: Page, seed: Seed): Promise<Figure[]> {
  const other = seed.threads.at(-1)?.id ?? '';
  const samples: (number | null)[] = [];
  for (let n = 0; n < MOUNTS; n += 1) {
    await openRow(page, other);
    await delay(150);
    samples.push(await openRow(page, seed.longId));
    await delay(150);
  }
  const flung = await page.evaluate((px) => window.bench.fling(px), FLING_PX);
  return [
    ...latencies(`click → thread with ${LONG_THREAD.toLocaleString('en')} loaded drawn`, samples, 100),
    { measure: 'fling 1200 px a frame, frame p50', value: median(flung.frames), unit: 'ms' },
    { measure: 'fling 1200 px a frame, frame p95', value: p95(flung.frames), unit: 'ms', limit: 20 },
    { measure: 'fling 1200 px a frame, frames', value: flung.frames.length, unit: '' },
    { measure: 'fling 1200 px a frame, middle empty', value: flung.blank * 100, unit: '% of frames' },
  ];
}
