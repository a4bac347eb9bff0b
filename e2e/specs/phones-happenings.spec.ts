import type { Locator, Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import type { Customer } from '../fixtures/customer.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** An agent in a thread with a customer, and that customer's phone in a narrow window of its own. */
interface Scene {
  inbox: InboxPage;
  mia: Customer;
  phone: Locator;
  /** Opens the list of what else can happen, and chooses. */
  choose(what: string | RegExp): Promise<void>;
  /** Opens the tools of a bubble, and chooses. */
  tool(words: string, label: string): Promise<void>;
  dialog: Locator;
  page: Page;
}

const it = test.extend<{ scene: Scene }>({
  scene: async ({ agent, customer, browser, instance }, use) => {
    const inbox = new InboxPage(await agent('Ana'));
    const mia = customer(newName('Mia Phones'));
    await mia.writes('Hello?');
    await inbox.open(mia.name);
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.goto(instance.simulatorUrl);
    const chip = page.getByRole('button', { name: new RegExp(`^${mia.name}`) });
    await chip.waitFor();
    if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
    const phone = page.getByRole('region', { name: `Phone of ${mia.name}` });
    const dialog = page.getByRole('dialog');
    await use({
      inbox,
      mia,
      phone,
      page,
      dialog,
      choose: async (what) => {
        await phone.getByRole('button', { name: 'More on the phone of' }).press('Enter');
        await dialog.getByRole('button', { name: what }).click();
      },
      tool: async (words, label) => {
        const bubble = phone.locator('.bubble').filter({ hasText: words });
        await bubble.getByRole('button', { name: 'Reply, react or change' }).click();
        await bubble.getByRole('button', { name: label, exact: true }).click();
      },
    });
    await context.close();
  },
});

it('the business’s own phone answers, edits and deletes, and the inbox follows', async ({ scene }) => {
  const { inbox, phone, choose, tool, dialog } = scene;
  await choose(/^Writes to them/);
  await dialog.getByLabel('Message').fill('We are open until six');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(phone.getByText('Written on the business’s own phone')).toBeVisible();
  await expect(inbox.bubble('We are open until six')).toBeVisible();

  await tool('Hello?', '❤️ from the business’s phone');
  await expect(inbox.bubble('Hello?')).toContainText('❤️');

  await tool('We are open until six', 'Edit on the business’s phone');
  await dialog.getByLabel('New wording').fill('We are open until seven');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(inbox.bubble('We are open until seven')).toContainText('Edited');

  await tool('We are open until seven', 'Delete on the business’s phone');
  await expect(phone.getByText('This message was deleted')).toBeVisible();
  await expect(inbox.bubble('We are open until seven')).toHaveCount(0);
});

it('what the customer edits, deletes and orders is shown as what it is', async ({ scene }) => {
  const { inbox, choose, tool, dialog } = scene;
  await tool('Hello?', 'Edit');
  await dialog.getByLabel('New wording').fill('Good morning!');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(inbox.bubble('Good morning!')).toContainText('Edited');
  await choose(/^An order/);
  await expect(inbox.log.getByText('Gift wrap please')).toBeVisible();
  await choose(/^From an advertisement/);
  await expect(inbox.log.getByText('Chat with a bookseller')).toBeVisible();
  await choose(/^A forwarded message/);
  await expect(inbox.bubble('The library opens at nine')).toContainText('Forwarded');
});

it('a history import, with its reactions, edits and deletions, and another number', async ({ scene }) => {
  const { inbox, mia, choose, dialog } = scene;
  await choose(/^Shares its history/);
  await expect(inbox.bubble('This is the map that I mean')).toBeVisible();
  await expect(inbox.bubble('We do. It takes a week.')).toContainText('👍');
  await expect(inbox.bubble('It costs nothing.')).toHaveCount(0);

  const next = String(Number(mia.phone) + 2_000_000);
  await choose(/^Changes the phone number/);
  await dialog.getByLabel('With country code').fill(next);
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(inbox.log.getByText("The customer's number changed", { exact: true })).toBeVisible();
});

it('the next message fails with the code that was asked for', async ({ scene }) => {
  const { inbox, choose, dialog } = scene;
  await choose(/^The next message to them fails/);
  await dialog.getByLabel('With the code').selectOption('131026');
  await dialog.getByLabel('When').selectOption('async');
  await dialog.getByRole('button', { name: 'Send' }).click();
  await inbox.reply('Will this arrive?');
  await expect(inbox.bubble('Will this arrive?')).toContainText(/Not delivered|Not sent/);
});

it('what else can happen is accessible on a phone, and by keyboard', async ({ scene }) => {
  const { phone, page, dialog } = scene;
  await phone.getByRole('button', { name: 'More on the phone of' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('heading', { name: 'Who they are' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await phone.locator('.bubble').first().getByRole('button', { name: 'Reply, react or change' }).press('Enter');
  await expect(phone.getByRole('group', { name: 'Reply to, react to or change' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
