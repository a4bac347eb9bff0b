import type { BrowserContext, Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

interface Told {
  tones: number;
  shown: { title: string; body: string; click: () => void }[];
}
declare global {
  interface Window {
    told: Told;
  }
}

/** Notes down what a tab plays and shows, and allows notifications, which a browser without a screen has none of. */
const listen = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    window.told = { tones: 0, shown: [] };
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...when) {
      window.told.tones += 1;
      return start.apply(this, when);
    };
    class Shown extends EventTarget {
      static permission = 'granted';
      onclick: (() => void) | null = null;
      constructor(title: string, { body = '' }: NotificationOptions = {}) {
        super();
        window.told.shown.push({ title, body, click: () => this.onclick?.() });
      }
      close(): void {}
    }
    Object.defineProperty(window, 'Notification', { value: Shown, configurable: true });
  });

const tones = (page: Page) => page.evaluate(() => window.told.tones);
const shown = (page: Page) => page.evaluate(() => window.told.shown.map(({ title, body }) => ({ title, body })));
const sum = async (pages: Page[]) => (await Promise.all(pages.map(tones))).reduce((total, count) => total + count, 0);
const titlesOf = async (pages: Page[], title: string) =>
  (await Promise.all(pages.map(shown))).flat().filter((one) => one.title === title);

test('of two tabs one sounds and notifies; a click opens the thread; what is looked at is no news', async ({
  agent,
  customer,
}) => {
  const first = await agent('Ana');
  await listen(first.context());
  const second = await first.context().newPage();
  const pages = [first, second];
  await first.reload();
  await second.goto('/inbox/all');
  const [ana, other] = [new InboxPage(first), new InboxPage(second)];
  for (const inbox of [ana, other]) await expect(inbox.connection).toHaveText('Live');

  const name = newName('Told Tina');
  const tina = customer(name);
  await tina.writes('Is anybody there?');
  await ana.open(name);
  await ana.button(/^Claim/).click();
  await expect(ana.header).toContainText('Yours');

  // Every tab has heard which thread is looked at: browsers pass that on in their own time.
  const [threadId = ''] = /[0-9a-f-]{36}$/.exec(ana.page.url()) ?? [];
  expect(threadId).not.toBe('');
  for (const page of pages)
    await expect.poll(() => page.evaluate(() => localStorage.getItem('parley.sight'))).toContain(threadId);

  // In sight: the message is on the screen, and nobody was disturbed.
  await tina.writes('I see you');
  await expect(ana.bubble('I see you')).toHaveCount(1);
  expect(await titlesOf(pages, name)).toEqual([]);
  expect(await sum(pages)).toBe(0);

  await ana.page.goto('/inbox/all');
  await expect(ana.connection).toHaveText('Live');
  for (const page of pages) await page.locator('body').press('Shift');
  await tina.writes('And now?');
  await expect.poll(() => titlesOf(pages, name)).toEqual([{ title: name, body: 'And now?' }]);
  await expect.poll(() => sum(pages)).toBe(2);
  for (const page of pages) await expect(page).toHaveTitle(/^\(\d+\) Parley/);
  await expect(first.locator('link[rel="icon"]')).toHaveAttribute('href', /^data:image\/png/);

  const told = (await shown(first)).length > 0 ? first : second;
  await told.evaluate(() => window.told.shown.at(-1)?.click());
  await expect(told).toHaveURL(/\/inbox\/all\/[0-9a-f-]{36}/);
  await expect(new InboxPage(told).bubble('And now?')).toHaveCount(1);
});

test('left alone, an agent hears nothing; the profile says what happens, and tries it', async ({ agent, customer }) => {
  const page = await agent('Chen');
  await listen(page.context());
  await page.reload();
  const inbox = new InboxPage(page);
  const name = newName('Quiet Quentin');
  const quentin = customer(name);
  await quentin.writes('Do you open on Sunday?');
  await inbox.open(name);
  await inbox.button(/^Claim/).click();
  await expect(inbox.header).toContainText('Yours');

  await page.goto('/settings/profile');
  await expect(page.getByTestId('desktop-permission')).toHaveText('Allowed in this browser.');
  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(page.getByTestId('notify-outcome')).toHaveText('Sound played · notification shown');
  expect(await tones(page)).toBe(2);

  const saved = page.waitForResponse(
    (answer) => answer.url().endsWith('/agents/me/preferences') && answer.request().method() === 'PATCH',
  );
  await page.getByLabel('Do not disturb').selectOption('always');
  expect((await saved).ok()).toBe(true);
  await quentin.writes('Psst');
  await expect(page).toHaveTitle(/^\(\d+\) Parley/);
  expect(await titlesOf([page], name)).toEqual([]);
  expect(await tones(page)).toBe(2);

  const freed = page.waitForResponse(
    (answer) => answer.url().endsWith('/agents/me/preferences') && answer.request().method() === 'PATCH',
  );
  await page.getByLabel('Do not disturb').selectOption('off');
  await freed;
  await quentin.writes('And now aloud');
  await expect.poll(() => titlesOf([page], name)).toEqual([{ title: name, body: 'And now aloud' }]);
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1_280],
  ['en-GB', 'dark', 390],
  ['ar-EG', 'light', 390],
] as const) {
  test(`what tells an agent can be chosen by everybody: ${locale}, ${colorScheme}, ${width} px`, async ({ agent }) => {
    const page = await agent('Dina', {
      locale,
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
    });
    await page.goto('/settings/profile');
    await page.getByTestId('desktop-permission').scrollIntoViewIfNeeded();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  });
}
