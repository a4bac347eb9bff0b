import type { CDPSession, Page } from '@playwright/test';
import { slope, type Figure } from './figures.ts';

const WARM_UP = 90;
const SWITCHES = 200;
const LOOK_EVERY = 20;

interface Footprint {
  heapKb: number;
  nodes: number;
  listeners: number;
}

/** What is left after the garbage is gone. */
async function footprint(cdp: CDPSession): Promise<Footprint> {
  for (let pass = 0; pass < 3; pass += 1) await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const read = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { heapKb: read('JSHeapUsedSize') / 1_000, nodes: read('Nodes'), listeners: read('JSEventListeners') };
}

/** Up and down a list of more threads than are kept in memory, by key; the warm-up fills what is kept. */
export async function switching(page: Page): Promise<Figure[]> {
  await page.goto('/inbox/mine');
  await page.locator('#list [data-conversation-id]').first().click();
  await page.mouse.move(1_000, 400);
  await page.evaluate(() => window.bench.painted(() => window.bench.isPlaced(null)));
  await page.locator('[role=log]').focus();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  let direction: 'j' | 'k' = 'j';

  async function step(): Promise<void> {
    const before = await page.evaluateHandle(() => document.querySelector('[role=log]'));
    const isLast = await page.evaluate((key) => {
      const active = document.querySelector('#list [data-conversation-id][aria-current]')?.closest('li');
      const [at, of] = [active?.getAttribute('aria-posinset'), active?.getAttribute('aria-setsize')];
      return key === 'j' ? at === of : at === '1';
    }, direction);
    if (isLast) direction = direction === 'j' ? 'k' : 'j';
    await page.keyboard.press(direction);
    const at = await page.evaluate((log) => window.bench.painted(() => window.bench.isPlaced(log), 20_000), before);
    await before.dispose();
    if (at === null) throw new Error('the next thread did not come');
  }

  for (let n = 0; n < WARM_UP; n += 1) await step();
  const seen = [await footprint(cdp)];
  for (let n = 1; n <= SWITCHES; n += 1) {
    await step();
    if (n % LOOK_EVERY === 0) seen.push(await footprint(cdp));
  }
  await cdp.detach();
  const grown = (of: (one: Footprint) => number): number => slope(seen.map(of)) / LOOK_EVERY;
  const heapMb = (seen.at(-1)?.heapKb ?? Number.NaN) / 1_000;
  return [
    { measure: `heap after ${String(SWITCHES)} thread switches`, value: heapMb, unit: 'MB', limit: 80 },
    { measure: 'heap growth', value: grown(({ heapKb }) => heapKb), unit: 'kB/switch', limit: 2 },
    { measure: 'DOM nodes after the switches', value: seen.at(-1)?.nodes ?? Number.NaN, unit: '' },
    { measure: 'DOM nodes growth', value: grown(({ nodes }) => nodes), unit: '/switch', limit: 1 },
    { measure: 'event listeners growth', value: grown(({ listeners }) => listeners), unit: '/switch', limit: 0.1 },
  ];
}
