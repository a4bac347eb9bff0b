import type { BrowserContextOptions, Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const hasSidewaysScroll = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

const looks: { locale: string; colorScheme: 'light' | 'dark'; width: number }[] = [
  { locale: 'en-GB', colorScheme: 'light', width: 1_440 },
  { locale: 'en-GB', colorScheme: 'dark', width: 1_440 },
  { locale: 'ar-EG', colorScheme: 'light', width: 1_440 },
  { locale: 'ar-EG', colorScheme: 'dark', width: 390 },
];

for (const { locale, colorScheme, width } of looks) {
  const options: BrowserContextOptions = {
    locale,
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
  };

  test(`sign-in, inbox and thread are accessible: ${locale}, ${colorScheme}, ${width} px`, async ({
    browser,
    agent,
    baseURL,
  }) => {
    const visitor = await (await browser.newContext({ ...options, baseURL })).newPage();
    await visitor.goto('/sign-in');
    await expect(visitor.locator('form')).toBeVisible();
    await expect(visitor.locator('html')).toHaveAttribute('dir', locale.startsWith('ar') ? 'rtl' : 'ltr');
    expect(await violations(visitor)).toEqual([]);
    await visitor.context().close();

    const page = await agent('Ben', options);
    const rows = page
      .locator('#list')
      .getByRole('link')
      .filter({ has: page.locator('time') });
    await expect(rows.nth(3)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await hasSidewaysScroll(page)).toBe(false);

    await rows.nth(1).click();
    await expect(new InboxPage(page).log.getByRole('article').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await hasSidewaysScroll(page)).toBe(false);
  });
}

for (const { locale, colorScheme, width } of looks) {
  test(`the board, its dialog and its look are accessible: ${locale}, ${colorScheme}, ${width} px`, async ({
    agent,
    instance,
  }) => {
    const supervisor = instance.signIns.find(({ role }) => role === 'supervisor');
    const page = await agent(supervisor?.name ?? '', {
      locale,
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
    });
    await page.goto('/board');
    const card = page.locator('[data-card]').first();
    await expect(card).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await hasSidewaysScroll(page)).toBe(false);

    await card.focus();
    await page.keyboard.press('m');
    await expect(page.getByRole('option').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('option')).toHaveCount(0);

    await card.click();
    await expect(page.locator('[data-peek]').getByRole('article').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await hasSidewaysScroll(page)).toBe(false);
  });
}

test('nothing that the console does violates its own policy', async ({ agent, customer }) => {
  const page = await agent('Chen');
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
  });
  page.on('pageerror', (error) => refused.push(error.message));
  const inbox = new InboxPage(page);
  const name = newName('<img src=x onerror=alert(1)>');
  await customer(name).writes('<script>alert(1)</script> *bold* https://example.org');
  await inbox.open(name);
  await expect(inbox.bubble('<script>alert(1)</script>')).toBeVisible();
  for (const key of ['a', 'z', '?']) {
    await inbox.log.focus();
    await page.keyboard.press(key);
    await expect(page.getByRole('menu').or(page.getByRole('dialog')).first()).toBeVisible();
    await page.keyboard.press('Escape');
  }
  expect(refused).toEqual([]);
});
