import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

async function openDetails(page: Page, inbox: InboxPage, text: string): Promise<void> {
  await inbox.bubble(text).hover();
  await inbox.bubble(text).getByRole('button', { name: 'More for this message' }).click();
  await page.getByRole('menuitem', { name: 'Message details' }).click();
}

test('an admin unfolds what Meta posted about a message and copies it; an agent is not offered it', async ({
  agent,
  customer,
}) => {
  const ana = await agent('Ana', { permissions: ['clipboard-read', 'clipboard-write'] });
  const name = newName('Raw Ravi');
  await customer(name).writes('In my own words');
  const inbox = new InboxPage(ana);
  await inbox.open(name);
  await openDetails(ana, inbox, 'In my own words');
  const dialog = ana.getByRole('dialog', { name: 'Message details' });
  const unfold = dialog.getByRole('button', { name: 'Raw data from Meta' });
  await expect(unfold).toHaveAttribute('aria-expanded', 'false');
  await unfold.click();
  const raw = dialog.getByRole('group', { name: 'Raw data: Message' });
  await expect(raw).toContainText('"body": "In my own words"');
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await ana.evaluate(() => navigator.clipboard.readText())).toBe(await raw.textContent());
  await ana.keyboard.press('Escape');

  // Of our own reply there is nothing until Meta tells of it; then each status, the newest first.
  await inbox.button(/^Claim/).click();
  await inbox.reply('And in ours');
  await expect(inbox.bubble('And in ours')).toContainText(/Delivered|Read/);
  await openDetails(ana, inbox, 'And in ours');
  await unfold.click();
  await expect(dialog.getByRole('group', { name: 'Raw data: Status' }).last()).toContainText('"status": "sent"');
  await ana.keyboard.press('Escape');

  const chen = await agent('Chen');
  const other = new InboxPage(chen);
  await other.open(name);
  await openDetails(chen, other, 'In my own words');
  await expect(chen.getByRole('dialog', { name: 'Message details' })).toContainText('Received');
  await expect(chen.getByRole('button', { name: 'Raw data from Meta' })).toHaveCount(0);
});
