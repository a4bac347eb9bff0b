import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { latencies, type Figure } from './figures.ts';
import type { Stage } from './stage.ts';

const TRIES = 20;
const WITHIN_MS = 1_000;
const GIVE_UP_MS = 5_000;

/** Milliseconds; between pages by timeOrigin + now, the clock that all pages of this machine share. */
type Moment = number | null;
const between = (from: number, to: Moment): Moment => (to === null ? null : to - from);

const rowIds = (page: Page): Promise<string[]> =>
  page
    .locator('#list [data-conversation-id]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-conversation-id') ?? ''));

/** A click that leaves the pointer where it is: over the list it would hold the rows. */
async function open(page: Page, id: string): Promise<void> {
  await page.locator(`#list [data-conversation-id="${id}"]`).dispatchEvent('click', { button: 0 });
  await page.waitForURL(new RegExp(id));
}

/** Two reach for the same thread: from the loser's click until the winner's name stands as the owner's. */
async function races(ana: Page, ben: Page): Promise<Figure[]> {
  const told: Moment[] = [];
  for (let n = 0; n < TRIES; n += 1) {
    const known = await rowIds(ben);
    const id = (await rowIds(ana)).find((one) => known.includes(one));
    if (id === undefined) throw new Error('nothing is left to race for');
    for (const page of [ana, ben]) await open(page, id);
    for (const page of [ana, ben]) await page.getByRole('button', { name: /^Claim/ }).waitFor();
    const claim = (page: Page, other: string): Promise<Moment> =>
      page.evaluate(
        async ({ name, timeoutMs }) => {
          const button = [...document.querySelectorAll<HTMLElement>('#thread header button')].find(({ textContent }) =>
            textContent.includes('Claim'),
          );
          const clickedAt = performance.now();
          button?.click();
          // The owner's line only: the viewers beside it name the other one too.
          const owner = (): string => document.querySelector('#thread header p')?.textContent ?? '';
          const at = await window.bench.painted(() => owner().includes(name), timeoutMs);
          return at === null ? null : at - clickedAt;
        },
        { name: other, timeoutMs: GIVE_UP_MS },
      );
    // For a moment the thread is either's own; the winner never sees the other's name.
    const losers = [claim(ana, 'Ben Okafor'), claim(ben, 'Ana Souza')].map(async (seen) => {
      const moment = await seen;
      if (moment === null) throw new Error('not told');
      return moment;
    });
    told.push(await Promise.any(losers).catch(() => null));
    await delay(200);
  }
  return latencies('the loser of a claim is told', told, WITHIN_MS);
}

/** Ben opens what Ana looks at, then writes a letter: when does she see either? */
async function watched(ana: Page, ben: Page): Promise<Figure[]> {
  const viewers: Moment[] = [];
  const typing: Moment[] = [];
  const known = await rowIds(ben);
  const ids = (await rowIds(ana)).filter((id) => known.includes(id));
  const seen = (selector: string): Promise<Moment> =>
    ana.evaluate(
      async ({ what, timeoutMs }) => {
        const at = await window.bench.painted(() => document.querySelector(what) !== null, timeoutMs);
        return at === null ? null : performance.timeOrigin + at;
      },
      { what: selector, timeoutMs: GIVE_UP_MS },
    );
  for (let n = 0; n < TRIES; n += 1) {
    const id = ids[n % ids.length] ?? '';
    await open(ana, id);
    await ana.evaluate(() => window.bench.painted(() => document.querySelector('#thread [data-viewer]') === null));
    const viewerSeen = seen('#thread header [data-viewer]');
    const openedAt = await ben.evaluate((one) => {
      const at = performance.timeOrigin + performance.now();
      document.querySelector<HTMLElement>(`#list [data-conversation-id="${one}"]`)?.click();
      return at;
    }, id);
    viewers.push(between(openedAt, await viewerSeen));
    const composer = ben.getByRole('textbox', { name: /^Reply to/ });
    await composer.focus();
    const typingSeen = seen('#thread header [data-viewer=typing]');
    const keyAt = ben.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const onKey = ({ timeStamp }: KeyboardEvent): void => resolve(performance.timeOrigin + timeStamp);
          window.addEventListener('keydown', onKey, { capture: true, once: true });
        }),
    );
    await ben.evaluate(() => undefined); // the listener is there once a later question is answered
    await composer.press('x');
    typing.push(between(await keyAt, await typingSeen));
    await composer.fill('');
    await delay(100);
  }
  return [
    ...latencies('a viewer appears at a colleague’s', viewers, WITHIN_MS),
    ...latencies('typing appears at a colleague’s', typing, WITHIN_MS),
  ];
}

/** Two agents at once: who was faster, who looks, who writes. */
export async function together(stage: Stage): Promise<Figure[]> {
  const ana = await stage.signIn(stage.ana);
  const ben = await stage.signIn(stage.ben);
  for (const page of [ana, ben]) {
    await page.goto('/inbox/unassigned');
    await page.locator('#list [data-conversation-id]').first().waitFor();
    await page.mouse.move(1_000, 400);
  }
  const figures = [...(await races(ana, ben)), ...(await watched(ana, ben))];
  for (const page of [ana, ben]) await page.context().close();
  return figures;
}
