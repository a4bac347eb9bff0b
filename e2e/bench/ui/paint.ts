import type { BrowserContext, Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../support/results.ts';
import type { Figure } from './figures.ts';
import type { Seed } from './seed.ts';
import type { Stage } from './stage.ts';

/** The study's section 4.3: a quarter of the processor, 10 Mbit/s. The way there and back is that of a good line. */
const CPU_RATE = 4;
const BYTES_PER_SECOND = 10_000_000 / 8;
const ROUND_TRIP_MS = 40;
const LIMIT_MS = 1_800;
const LOADS = 5;
/** Nothing larger is drawn after so long without a change. */
const SETTLE_MS = 1_500;
const GIVE_UP_MS = 30_000;

/** Makes a page as slow as the study asks for, from its next request on; what it returns gives it back its processor. */
export async function slowDown(page: Page): Promise<() => Promise<unknown>> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: ROUND_TRIP_MS,
    downloadThroughput: BYTES_PER_SECOND,
    uploadThroughput: BYTES_PER_SECOND,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE });
  return () => cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
}

/** From the start of the navigation: the largest thing drawn, and until what was asked for was there. */
interface Load {
  largestMs: number;
  shownMs: number;
  what: string;
}

async function load(page: Page, address: string, selector: string): Promise<Load> {
  await page.goto(address);
  const shownAt = await page.evaluate(
    ({ wanted, timeoutMs }) => {
      // A thread is drawn once it stands in its place; anything else, once it is there.
      const isThere = (): boolean =>
        wanted === '[role=log]' ? window.bench.isPlaced(null) : document.querySelector(wanted) !== null;
      return window.bench.painted(isThere, timeoutMs);
    },
    { wanted: selector, timeoutMs: GIVE_UP_MS },
  );
  await delay(SETTLE_MS);
  const largest = await page.evaluate(() => window.vitals.largest());
  const never = Number.POSITIVE_INFINITY;
  return { largestMs: largest?.at ?? never, shownMs: shownAt ?? never, what: largest?.what ?? 'nothing' };
}

/** A tab that has been there before: what it fetched is kept, and the worker that keeps it stands behind it. */
async function again(context: BrowserContext, address: string, selector: string): Promise<Load> {
  const page = await context.newPage();
  await slowDown(page);
  const loaded = await load(page, address, selector);
  await page.close();
  return loaded;
}

function figures(what: string, loads: readonly Load[]): Figure[] {
  const p75 = (samples: readonly number[]): number => percentile(samples, 0.75);
  console.log(`${what}: largest was ${[...new Set(loads.map((one) => one.what))].join(' / ')}`);
  return [
    {
      measure: `largest contentful paint, ${what}, p75 of ${String(loads.length)}`,
      value: p75(loads.map(({ largestMs }) => largestMs)),
      unit: 'ms',
      limit: LIMIT_MS,
    },
    { measure: `shown, ${what}, p75`, value: p75(loads.map(({ shownMs }) => shownMs)), unit: 'ms' },
  ];
}

/** The door, which nobody has opened before, and again. */
async function door(stage: Stage): Promise<Figure[]> {
  const [address, selector] = ['/sign-in', 'input[autocomplete="username"]'];
  const loads: Record<'cold' | 'warm', Load[]> = { cold: [], warm: [] };
  for (let n = 0; n < LOADS; n += 1) {
    const context = await stage.arrive(null);
    loads.cold.push(await again(context, address, selector));
    loads.warm.push(await again(context, address, selector));
    await context.close();
  }
  return [...figures('sign-in, cold cache', loads.cold), ...figures('sign-in, warm cache', loads.warm)];
}

/** The inbox with an open thread, by its address: of a browser that has only its session, and again. */
async function inbox(stage: Stage, { threads }: Seed): Promise<Figure[]> {
  const address = `/inbox/mine/${threads[0]?.id ?? ''}`;
  const loads: Record<'cold' | 'warm', Load[]> = { cold: [], warm: [] };
  for (let n = 0; n < LOADS; n += 1) {
    const context = await stage.arrive(stage.ana);
    const first = await context.newPage();
    await slowDown(first);
    loads.cold.push(await load(first, address, '[role=log]'));
    // What a colleague has on the second morning: the worker has taken over, all is in its store.
    await first.evaluate(async () => void (await navigator.serviceWorker.ready));
    await first.close();
    loads.warm.push(await again(context, address, '[role=log]'));
    await context.close();
  }
  const what = 'inbox with an open thread';
  return [...figures(`${what}, cold cache`, loads.cold), ...figures(`${what}, warm cache`, loads.warm)];
}

/** How soon the screen shows what somebody came for, on the study's slow machine. */
export const painting = async (stage: Stage, seed: Seed): Promise<Figure[]> => [
  ...(await door(stage)),
  ...(await inbox(stage, seed)),
];
