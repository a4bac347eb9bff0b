import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('one pane at a time, and back to the same place', async ({ agent, customer }) => {
  const page = await agent('Dina', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const dina = new InboxPage(page);
  const name = newName('Pocket Pia');
  await customer(name).writes('From one phone to another');
  await dina.row(name).tap();
  await expect(dina.bubble('From one phone to another')).toBeVisible();
  await expect(dina.row(name)).toBeHidden();

  await dina.reply('It fits');
  await expect(dina.bubble('It fits')).toContainText('Read');
  await page.goBack();
  await expect(dina.row(name)).toBeVisible();
  await expect(dina.log).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test('a thread is marked as unread from its menu, and the list has its whole width', async ({ agent, customer }) => {
  const page = await agent('Dina', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const dina = new InboxPage(page);
  const name = newName('Pocket Pat');
  await customer(name).writes('Not now');
  await page.goto('/inbox/all');
  await dina.row(name).tap();
  await expect(dina.bubble('Not now')).toBeVisible();
  await page.getByRole('button', { name: 'More for this conversation' }).tap();
  await page.getByRole('menuitem', { name: 'Mark as unread' }).tap();
  await expect(dina.log).toBeHidden();
  await expect(dina.row(name)).toContainText('1 unread');
  await expect(page.getByRole('separator', { name: 'Width of the list' })).toHaveCount(0);
  expect((await page.locator('#list').boundingBox())?.width).toBe(390);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
