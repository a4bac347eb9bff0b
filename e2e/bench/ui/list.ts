import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { latencies, p95, type Figure } from './figures.ts';
import { expectPacket, latency, newMark } from './live.ts';
import { LIST_ROWS } from './seed.ts';
import type { Stage } from './stage.ts';

const SECONDS = 20;
const RATE = 20;
/** One update in so many is followed from its packet to the screen. */
const FOLLOWED = 5;
const STEP = 997;

/** Everything of the queue in the list, then twenty updates a second for twenty seconds at its top. */
export async function updates(stage: Stage, page: Page): Promise<Figure[]> {
  await page.goto('/inbox/unassigned');
  await page.locator('#list [data-conversation-id]').first().waitFor();
  await page.mouse.move(1_000, 400);
  const rows = await page.evaluate(async () => {
    const scroller = document.querySelector('#list ul')?.parentElement;
    if (!scroller) throw new Error('no list');
    const size = (): number => Number(document.querySelector('#list li')?.getAttribute('aria-setsize') ?? -1);
    while (size() < 0) {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    scroller.scrollTop = 0;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return size();
  });
  if (rows < LIST_ROWS * 0.9) throw new Error(`only ${String(rows)} rows were loaded`);

  const followed: string[] = [];
  await page.evaluate(() => window.bench.startFrames());
  const startedAt = performance.now();
  for (let n = 0; n < SECONDS * RATE; n += 1) {
    const mark = newMark();
    if (n % FOLLOWED === 0) {
      followed.push(mark);
      await expectPacket(page, mark, '#list li');
    }
    await stage.writes({ customer: (n * STEP) % LIST_ROWS, wamid: `wamid.ui.${mark}`, text: `${mark} hello again` });
    await delay(Math.max(0, startedAt + ((n + 1) * 1_000) / RATE - performance.now()));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { frames, longTasks } = await page.evaluate(() => window.bench.endFrames());
  const drawn: (number | null)[] = [];
  for (const mark of followed) drawn.push(await latency(page, mark));
  const what = `list of ${LIST_ROWS.toLocaleString('en')} rows, ${String(RATE)} updates/s`;
  return [
    { measure: `${what}: long tasks`, value: longTasks.length, unit: '', limit: 0 },
    { measure: `${what}: longest task`, value: Math.max(0, ...longTasks), unit: 'ms' },
    { measure: `${what}: frame p95`, value: p95(frames), unit: 'ms', limit: 20 },
    { measure: `${what}: frames drawn`, value: frames.length / seconds, unit: '/s' },
    ...latencies(`${what}: packet → row drawn`, drawn, 50),
    { measure: `${what}: updates`, value: (SECONDS * RATE) / seconds, unit: '/s' },
  ];
}
