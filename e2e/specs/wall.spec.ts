import type { Page, WebSocketRoute } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';

/** The bar of a wall: what is cut off says so within this. */
const WITHIN = { timeout: 5_000 };
const MIN_FIGURE_PX = 32;

const pulse = (page: Page) => page.locator('[data-pulse]');
const figure = (page: Page, key: string) => page.locator(`[data-figure=${key}] dd`);
const supervisorOf = (instance: { signIns: { role: string; name: string }[] }): string =>
  instance.signIns.find(({ role }) => role === 'supervisor')?.name ?? '';

test('from the board to the wall: large figures, nothing around them, the screen kept on, and back by Escape', async ({
  agent,
  customer,
  instance,
}) => {
  const page = await agent(supervisorOf(instance), { viewport: { width: 1_920, height: 1_080 } });
  await page.addInitScript(() => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    Object.defineProperty(navigator, 'wakeLock', {
      value: {
        request: (type: string) => {
          asked.push(type);
          return Promise.resolve(
            Object.assign(new EventTarget(), { released: false, release: () => Promise.resolve() }),
          );
        },
      },
    });
  });
  await page.goto('/board');
  await page.getByRole('button', { name: 'Wall' }).click();
  await expect(page).toHaveURL(/\/board\/wall$/);
  await expect(pulse(page)).toHaveText(/^live · \d s$/);
  await expect
    .poll(() => page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked))
    .toEqual(['screen']);
  const covers = await page
    .getByRole('dialog')
    .evaluate((wall) =>
      [0.01, 0.5, 0.99].every((x) =>
        [0.01, 0.5, 0.99].every((y) => wall.contains(document.elementFromPoint(x * innerWidth, y * innerHeight))),
      ),
    );
  expect(covers).toBe(true);

  const before = Number(await figure(page, 'unclaimed').textContent());
  await customer(newName('Wall Wanda')).writes('Does anybody see me from there?');
  await expect(figure(page, 'unclaimed')).toHaveText(String(before + 1));
  await expect(figure(page, 'longest')).toHaveText(/\d/);
  const sizes = await page
    .locator('[data-figure] dd, [data-team] span, [data-pulse]')
    .evaluateAll((all) => all.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(MIN_FIGURE_PX);
  // Everything at a glance: a wall is not scrolled.
  expect(await page.getByRole('dialog').evaluate((wall) => wall.scrollHeight <= wall.clientHeight)).toBe(true);

  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/board$/);
});

test('the wall says so within five seconds when the network goes, and is live again by itself', async ({
  agent,
  instance,
}) => {
  const page = await agent(supervisorOf(instance));
  await page.goto('/board/wall');
  await expect(pulse(page)).toHaveAttribute('data-pulse', 'live');
  await page.context().setOffline(true);
  await expect(pulse(page)).toHaveAttribute('data-pulse', 'stale', WITHIN);
  await expect(pulse(page)).toHaveText(/^not live · \d+ s$/);
  await expect(figure(page, 'here')).toHaveText('–');
  await page.context().setOffline(false);
  await expect(pulse(page)).toHaveAttribute('data-pulse', 'live', { timeout: 20_000 });
});

test('also when the line goes dead without a word', async ({ agent, instance }) => {
  const page = await agent(supervisorOf(instance));
  const lines: WebSocketRoute[] = [];
  let isDead = false;
  await page.routeWebSocket(/socket\.io/, (line) => {
    lines.push(line);
    const server = line.connectToServer();
    line.onMessage((message) => void (isDead || server.send(message)));
    server.onMessage((message) => void (isDead || line.send(message)));
  });
  await page.goto('/board/wall');
  await expect(pulse(page)).toHaveAttribute('data-pulse', 'live');
  expect(lines.length).toBeGreaterThan(0);
  isDead = true;
  await expect(pulse(page)).toHaveAttribute('data-pulse', 'stale', WITHIN);
});

test('a tile of the board leads to what it counts', async ({ agent, customer, instance }) => {
  const page = await agent(supervisorOf(instance), { viewport: { width: 1_900, height: 900 } });
  await customer(newName('Tile Tess')).writes('Count me in');
  await page.goto('/board');
  await page.getByRole('link', { name: /^Unclaimed: [1-9]/ }).click();
  await expect(page).toHaveURL(/\/inbox\/unassigned/);

  // Who waits stands in the order of the wait.
  await page.goto('/board');
  await page.getByRole('link', { name: /^Waiting: [1-9]/ }).click();
  await expect(page).toHaveURL(/\/inbox\/all/);
  await expect(page.getByRole('button', { name: 'Sorted by: Waiting longest' })).toBeVisible();
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1_440],
  ['en-GB', 'dark', 1_440],
  ['ar-EG', 'dark', 390],
] as const)
  test(`the wall is accessible: ${locale}, ${colorScheme}, ${width} px`, async ({ agent, instance }) => {
    const options = { locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' as const };
    const page = await agent(supervisorOf(instance), options);
    await page.goto('/board/wall');
    await expect(pulse(page)).toHaveAttribute('data-pulse', 'live');
    await expect(figure(page, 'waiting')).toHaveText(/\d/);
    expect(await violations(page)).toEqual([]);
    expect(await page.getByRole('dialog').evaluate((wall) => wall.scrollWidth <= wall.clientWidth)).toBe(true);
  });
