import type { Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { call } from '../support/api.ts';
import { latencies, type Figure } from './figures.ts';
import { expectPacket, latency, newMark } from './live.ts';
import type { Seed } from './seed.ts';
import type { Stage } from './stage.ts';

const MESSAGES = 100;
const MOVES = 100;
const WITHIN_MS = 1_000;
const GIVE_UP_MS = 5_000;
/** Not a multiple of a frame, so that events come at any moment of one. */
const PAUSE_MS = 137;

/**
 * From `act` until the board has first drawn a card of `selector` with these words; null = never. By timeOrigin + now, the
 * clock that this process and the page share.
 */
async function untilCard(
  page: Page,
  { selector, words = '' }: { selector: string; words?: string },
  act: () => Promise<void>,
): Promise<number | null> {
  const seen = page.evaluate(
    async ({ given, text, timeoutMs }) => {
      const isThere = (): boolean =>
        [...document.querySelectorAll(given)].some(({ textContent }) => textContent.includes(text));
      const at = await window.bench.painted(isThere, timeoutMs);
      return at === null ? null : performance.timeOrigin + at;
    },
    { given: selector, text: words, timeoutMs: GIVE_UP_MS },
  );
  await page.evaluate(() => undefined); // a later question is answered: the page looks already
  const startedAt = performance.timeOrigin + performance.now();
  await act();
  const at = await seen;
  return at === null ? null : at - startedAt;
}

/** A customer writes: from Meta's post, and from the packet in the page, until the card says so. */
async function written(stage: Stage, seed: Seed, page: Page): Promise<Figure[]> {
  const ofPost: (number | null)[] = [];
  const ofPacket: (number | null)[] = [];
  for (let n = 0; n < MESSAGES; n += 1) {
    const words = newMark();
    const customer = seed.cards[n % seed.cards.length]?.customer ?? 0;
    await expectPacket(page, words, '[data-card]');
    ofPost.push(
      await untilCard(page, { selector: '[data-card]', words }, () =>
        stage.writes({ customer, wamid: `wamid.ui.${words}`, text: `${words} is anybody there?` }),
      ),
    );
    ofPacket.push(await latency(page, words));
    await delay(PAUSE_MS);
  }
  return [
    ...latencies('customer writes → board card drawn', ofPost, WITHIN_MS),
    ...latencies('socket packet → board card drawn', ofPacket),
  ];
}

/** Somebody hands a thread over, to and fro: from the request until the card stands in the other column. */
async function moved(stage: Stage, seed: Seed, page: Page): Promise<Figure[]> {
  const samples: (number | null)[] = [];
  for (let n = 0; n < MOVES; n += 1) {
    const card = seed.cards[n % seed.cards.length];
    if (!card) throw new Error('no cards');
    const isBack = Math.floor(n / seed.cards.length) % 2 === 1;
    const { id: agentId } = isBack ? stage.ben : stage.admin;
    const selector = `[data-column="${agentId}"] [data-card="${card.id}"]`;
    samples.push(
      await untilCard(page, { selector }, async () => {
        const { backend, admin } = stage;
        const { status } = await call(backend.url, admin.token, 'POST', `/conversations/${card.id}/assign`, {
          agentId,
        });
        if (status !== 200) throw new Error(`assigning was answered ${String(status)}`);
      }),
    );
    await delay(PAUSE_MS);
  }
  return latencies('a colleague assigns → card drawn in the other column', samples, WITHIN_MS);
}

/** The board of a supervisor while the day goes on: with everything that the queue may show, five cards live. */
export async function board(stage: Stage, seed: Seed, page: Page): Promise<Figure[]> {
  await page.goto('/board');
  await page.locator(`[data-card="${seed.cards[0]?.id ?? ''}"]`).waitFor();
  await page.mouse.move(1, 1);
  await delay(1_000);
  return [...(await written(stage, seed, page)), ...(await moved(stage, seed, page))];
}
