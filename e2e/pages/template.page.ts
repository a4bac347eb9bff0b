import { type Browser, expect, type Locator, type Page } from '@playwright/test';
import type { Customer } from '../fixtures/customer.ts';
import { InboxPage } from './inbox.page.ts';

const HOUR_S = 3_600;
/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** A file to choose. */
export const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PNG });

/** A thread whose window closed an hour ago, open before the agent. */
export async function openClosed(page: Page, customer: (name: string) => Customer, name: string): Promise<InboxPage> {
  const inbox = new InboxPage(page);
  const timestamp = String(Math.floor(Date.now() / 1_000) - 25 * HOUR_S);
  await customer(name).delivers({ timestamp, type: 'text', text: { body: 'Yesterday’s question' } });
  // Anew, for a pointer that rests on the list holds its rows where they are.
  await page.goto('/inbox/all');
  await inbox.open(name);
  await expect(page.getByTestId('window-closed')).toBeVisible();
  return inbox;
}

/** Such a thread with this template's form open; `template` finds that one alone. */
export async function openTemplate(
  page: Page,
  customer: (name: string) => Customer,
  name: string,
  template: string,
): Promise<{ inbox: InboxPage; dialog: Locator }> {
  const inbox = await openClosed(page, customer, name);
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill(template);
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog.locator('button[type=submit]')).toBeVisible();
  return { inbox, dialog };
}

/** The customer's phone on the simulator's page. */
export async function phoneOf(browser: Browser, simulatorUrl: string, name: string): Promise<Locator> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(simulatorUrl);
  const chip = page.getByRole('button', { name, exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
  return page.getByRole('region', { name: `Phone of ${name}` });
}
