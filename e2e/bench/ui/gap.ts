import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from './figures.ts';
import { newMark } from './live.ts';
import type { Seed } from './seed.ts';
import type { Stage } from './stage.ts';

const MISSED = 500;
const PER_BODY = 50;
const AWAY_MS = 60_000;
const LIMIT_MS = 2_000;
const GIVE_UP_MS = 30_000;

/**
 * A minute without a network while five hundred messages come into the open thread: from the moment when the browser
 * says that it is back until the last of them is drawn, and whether each is there once.
 */
export async function gap(stage: Stage, { desk }: Seed): Promise<Figure[]> {
  const context = await stage.arrive(stage.cleo);
  const page = await context.newPage();
  await page.goto(`/inbox/mine/${desk.id}`);
  await page.evaluate(() => window.bench.painted(() => window.bench.isPlaced(null), 30_000));
  await page.locator('[role=log]').press('End');
  await page.mouse.move(1_000, 400);

  const startedAt = performance.now();
  await context.setOffline(true);
  const marks = Array.from({ length: MISSED }, newMark);
  for (let from = 0; from < MISSED; from += PER_BODY)
    await stage.writes(
      ...marks.slice(from, from + PER_BODY).map((mark) => ({
        customer: desk.customer,
        wamid: `wamid.ui.${mark}`,
        text: `${mark} are you there?`,
      })),
    );
  await delay(Math.max(0, startedAt + AWAY_MS - performance.now()));

  const caughtUp = page.evaluate(
    async ({ last, timeoutMs }) => {
      const backAt = await new Promise<number>((resolve) => {
        window.addEventListener('online', ({ timeStamp }) => resolve(timeStamp), { once: true });
      });
      const isThere = (): boolean => document.querySelector('[role=log]')?.textContent.includes(last) === true;
      const at = await window.bench.painted(isThere, timeoutMs);
      return at === null ? Number.POSITIVE_INFINITY : at - backAt;
    },
    { last: marks.at(-1) ?? '', timeoutMs: GIVE_UP_MS },
  );
  await page.evaluate(() => undefined); // a later question is answered: the page listens already
  await context.setOffline(false);
  const ms = await caughtUp;

  // Only the rows near the screen exist: the thread is read from its end up to the first of them.
  const seen = await page.evaluate(
    async ({ first, timeoutMs }) => {
      const texts = new Map<string, string>();
      const giveUpAt = performance.now() + timeoutMs;
      for (let isOver = false; !isOver && performance.now() < giveUpAt;) {
        const log = document.querySelector('[role=log]');
        for (const row of log?.querySelectorAll<HTMLElement>('[data-key]') ?? [])
          texts.set(row.dataset['key'] ?? '', row.textContent);
        isOver = [...texts.values()].some((text) => text.includes(first));
        if (log) log.scrollTop -= log.clientHeight / 2;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return [...texts.values()];
    },
    { first: marks[0] ?? '', timeoutMs: GIVE_UP_MS },
  );
  await context.close();
  const counts = marks.map((mark) => seen.filter((text) => text.includes(mark)).length);
  const what = `${String(MISSED)} messages missed in ${String(AWAY_MS / 1_000)} s`;
  return [
    { measure: `back online → ${what} drawn`, value: ms, unit: 'ms', limit: LIMIT_MS },
    { measure: `${what}: lost`, value: counts.filter((count) => count === 0).length, unit: '', limit: 0 },
    { measure: `${what}: shown twice`, value: counts.filter((count) => count > 1).length, unit: '', limit: 0 },
  ];
}
