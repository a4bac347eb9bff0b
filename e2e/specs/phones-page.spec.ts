import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Puts one customer's phone on the page, whatever the window has room for. */
async function openPhoneOf(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  const chip = page.getByRole('button', { name, exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
}

test.describe('the customers’ phones', () => {
  test('write to the business, by keyboard alone', async ({ page, instance }) => {
    await openPhoneOf(page, instance.simulatorUrl, 'Rafael Nunes');
    const phone = page.getByRole('region', { name: 'Phone of Rafael Nunes' });
    await phone.getByLabel('Write as Rafael Nunes').focus();
    await page.keyboard.type('Oi *pessoal*');
    await page.keyboard.press('Enter');

    const bubble = phone.locator('.bubble.customer').last();
    await expect(bubble.locator('strong')).toHaveText('pessoal');
    await expect(bubble).toContainText(/delivered to the business|read by the business/);
  });

  test('follow what the phone does', async ({ page, instance }) => {
    await openPhoneOf(page, instance.simulatorUrl, 'Teo');
    const phone = page.getByRole('region', { name: 'Phone of Teo' });
    // By key: the phones beside it grow while one aims.
    await phone.getByRole('radio', { name: 'In pocket' }).press('Space');
    await expect(phone.getByText('messages arrive unread')).toBeVisible();
    await phone.getByRole('button', { name: 'Open the chat' }).press('Enter');
    await expect(phone.getByRole('radio', { name: 'Chat open' })).toBeChecked();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1_440, 375]) {
      test(`are accessible, ${colorScheme}, ${String(width)} px`, async ({ browser, instance }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
        const page = await context.newPage();
        await openPhoneOf(page, instance.simulatorUrl, 'Maren Okafor');
        await page.addScriptTag({ path: axePath });
        const violations = await page.evaluate<unknown>(
          'axe.run().then((result) => result.violations.map(({ id }) => id))',
        );
        expect(violations).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await context.close();
      });
    }
  }

  test('violate no policy', async ({ page, instance }) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await openPhoneOf(page, instance.simulatorUrl, 'Maren Okafor');
    await page.getByRole('button', { name: 'Add a customer' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(problems).toEqual([]);
  });
});
