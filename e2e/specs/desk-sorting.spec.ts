import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const PAGE_OF_MESSAGES = 50;

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
}

test('tags, priority and snooze, each with a key, are seen by the others at once', async ({ agent, customer }) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const { keyboard } = ana.page;
  const name = newName('Sorted Sue');
  const tag = newName('urgent');
  await customer(name).writes('My parcel is open');
  await ana.open(name);
  await ana.log.focus();

  await keyboard.press('t');
  await expect(ana.page.getByRole('dialog')).toBeVisible();
  await keyboard.type(tag);
  await keyboard.press('Enter');
  await expect(ana.page.getByRole('option', { name: tag })).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Control+Enter');
  await expect(ana.page.getByRole('dialog')).toHaveCount(0);
  await expect(dina.row(name)).toContainText(tag.slice(0, 6));

  await openPalette(ana.page);
  await keyboard.type('prior');
  await expect(ana.page.getByRole('option', { selected: true })).toContainText('Priority');
  await keyboard.press('Enter');
  await keyboard.type('urg');
  await expect(ana.page.getByRole('option', { selected: true })).toContainText('Urgent');
  await keyboard.press('Enter');
  await expect(dina.row(name).getByRole('img', { name: 'Urgent' })).toBeVisible();

  await ana.log.focus();
  await keyboard.press('c');
  await expect(ana.header).toContainText('Yours');
  await ana.log.focus();
  await keyboard.press('z');
  await ana.page.getByRole('menuitem', { name: /Tomorrow/ }).press('Enter');
  await expect(ana.header).toContainText('Snoozed');
  await dina.openView(/All/);
  await ana.page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(ana.header).not.toContainText('Snoozed');
});

test('sorted by priority the most urgent stands first, and moves when its priority does', async ({
  agent,
  customer,
}) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const group = newName('Ranked');
  const [first, second, third] = ['One', 'Two', 'Three'].map((one) => `${group} ${one}`) as [string, string, string];
  const people = [first, second, third].map((name) => customer(name));
  for (const person of people) await person.writes('Which of us is first?');
  // A search finds what is there when it is asked.
  await ana.openView(/^All/);
  for (const name of [first, second, third]) await expect(ana.row(name)).toBeVisible();
  const sortFound = async (): Promise<void> => {
    await ana.page.getByRole('searchbox').fill(group);
    await ana.page.getByRole('button', { name: /^Sorted by/ }).click();
    await ana.page.getByRole('menuitemradio', { name: 'Priority, highest first' }).click();
    await expect(ana.page.getByRole('button', { name: 'Sorted by: Priority, highest first' })).toBeVisible();
    // A pointer that rests on the list holds its rows where they are.
    await ana.page.mouse.move(0, 0);
  };
  await sortFound();
  const rows = ana.row(group);
  await expect(rows).toHaveCount(3);

  const give = async (name: string, priority: string): Promise<void> => {
    await dina.row(name).click({ button: 'right' });
    await dina.page.getByRole('menuitem', { name: /Priority/ }).click();
    await dina.page.getByRole('menuitemradio', { name: priority }).click();
  };
  await give(first, 'Low');
  await expect(rows.first()).toContainText(first);
  await give(second, 'Urgent');
  await give(third, 'High');
  await expect(rows).toContainText([second, third, first]);
  await people[0]?.writes('Me again');
  await expect(rows.last()).toContainText('2 unread');
  await expect(rows).toContainText([second, third, first]);
  await ana.page.reload();
  await sortFound();
  await expect(rows).toContainText([second, third, first]);
});

test('the palette finds a customer by name, and acts where no key is known', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const { keyboard } = ana.page;
  const name = newName('Palette Pim');
  await customer(name).writes('Find me');
  await expect(ana.row(name)).toBeVisible();

  await openPalette(ana.page);
  await keyboard.type(name);
  await expect(ana.page.getByRole('option', { name })).toBeVisible();
  await keyboard.press('Enter');
  await expect(ana.header).toContainText(name);

  await openPalette(ana.page);
  await keyboard.type('theme');
  await keyboard.press('Enter');
  await expect(ana.page.getByRole('option', { name: /Dark/ })).toBeVisible();
  await keyboard.press('Backspace');
  await expect(ana.page.getByRole('option', { name: /Language/ })).toBeAttached();
  await keyboard.type('theme');
  await keyboard.press('Enter');
  await keyboard.type('dark');
  await keyboard.press('Enter');
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await openPalette(ana.page);
  await keyboard.type('theme');
  await keyboard.press('Enter');
  const kept = ana.page.waitForResponse((answer) => answer.request().postData()?.includes('"system"') ?? false);
  await keyboard.type('system');
  await keyboard.press('Enter');
  await kept;
});

test('several at once: marked in a row, tagged, resolved, and all taken back', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const group = newName('Bulk');
  const names = ['One', 'Two', 'Three'].map((one) => `${group} ${one}`);
  for (const name of names) await customer(name).writes('One of many');
  // A search finds what is there when it is asked.
  await ana.openView(/^All/);
  for (const name of names) await expect(ana.row(name)).toBeVisible();
  await ana.page.getByRole('searchbox').fill(group);
  // The three stood in the list before: the search is there once nobody else is.
  const boxes = ana.page.getByRole('checkbox');
  await expect(boxes).toHaveCount(3);
  await expect(ana.row(group)).toHaveCount(3);
  await ana.row(group).first().hover();
  await boxes.first().click();
  await ana.row(group).last().hover();
  await boxes.last().click({ modifiers: ['Shift'] });
  const bar = ana.page.getByRole('region', { name: 'Marked conversations' });
  await expect(bar).toContainText('3 marked');

  const tag = newName('lot');
  await bar.getByRole('button', { name: 'Tag' }).click();
  await ana.page.getByRole('combobox').fill(tag);
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.press('Control+Enter');
  for (const name of names) await expect(ana.row(name)).toContainText(tag);

  for (const name of names) {
    await ana.row(name).focus();
    await ana.page.keyboard.press('x');
  }
  await bar.getByRole('button', { name: 'Priority' }).click();
  await ana.page.getByRole('menuitem', { name: 'Urgent' }).click();
  for (const name of names) await expect(ana.row(name).getByRole('img', { name: 'Urgent' })).toBeVisible();

  for (const name of names) {
    await ana.row(name).focus();
    await ana.page.keyboard.press('x');
  }
  await expect(bar).toContainText('3 marked');
  await bar.getByRole('button', { name: 'Resolve' }).click();
  const toast = ana.page.getByText('3 resolved', { exact: true });
  await expect(toast).toBeVisible();
  await expect(bar).toHaveCount(0);
  await ana.page.getByRole('button', { name: 'Undo' }).last().click();
  for (const name of names) await expect(ana.row(name)).toBeVisible();
});

test('the menu of a row acts without opening it', async ({ agent, customer }) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const name = newName('Menu Mo');
  await customer(name).writes('For Dina, please');
  await ana.row(name).click({ button: 'right' });
  await ana.page.getByRole('menuitem', { name: /Assign/ }).click();
  await ana.page.getByRole('menuitemradio', { name: 'Dina Haddad' }).click();
  await expect(ana.row(name)).toContainText('Owner: Dina Haddad');
  await dina.openView(/Mine/);
  await expect(dina.row(name)).toBeVisible();
  await ana.row(name).click({ button: 'right' });
  await ana.page.getByRole('menuitem', { name: /Priority/ }).click();
  await ana.page.getByRole('menuitemradio', { name: 'High' }).click();
  await expect(dina.row(name).getByRole('img', { name: 'High' })).toBeVisible();
  await expect(ana.page).not.toHaveURL(/inbox\/\w+\/[0-9a-f-]{36}/);
});

test('a quoted message far above is loaded, shown and flashed', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Quote Quinn');
  const quinn = customer(name);
  const first = await quinn.writes('The very first thing');
  for (let n = 1; n <= PAGE_OF_MESSAGES + 20; n += 1) await quinn.writes(`Message number ${String(n)}`);
  await quinn.delivers({ type: 'text', text: { body: 'As I said' }, context: { from: quinn.phone, id: first } });
  await ana.open(name);
  await expect(ana.bubble('Message number')).not.toHaveCount(0);
  await ana.log.focus();
  await ana.page.keyboard.press('End');
  const reply = ana.bubble('As I said');
  await expect(reply).toBeVisible();
  await expect(ana.bubble('The very first thing').filter({ hasNotText: 'As I said' })).toHaveCount(0);
  await reply.getByRole('button', { name: /The very first thing/ }).click();
  const original = ana.bubble('The very first thing').filter({ hasNotText: 'As I said' });
  await expect(original).toBeInViewport();
  await expect(reply).not.toBeInViewport();
});

test('what came while the thread was closed stands below a line', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const [name, other] = [newName('Unread Uma'), newName('Else Eli')];
  const uma = customer(name);
  await uma.writes('Seen before');
  await customer(other).writes('Something else');
  await ana.open(name);
  await expect(ana.bubble('Seen before')).toBeVisible();
  await expect(ana.row(name)).not.toContainText('unread');
  await ana.open(other);
  await uma.writes('New one');
  await uma.writes('New two');
  await expect(ana.row(name)).toContainText('2 unread');
  await ana.open(name);
  await expect(ana.bubble('New two')).toBeVisible();
  const texts = await ana.log.evaluate((log) =>
    [...log.querySelectorAll('[data-key]')]
      .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map((row) => row.textContent ?? ''),
  );
  const line = texts.findIndex((text) => text.trim() === 'New');
  expect(line).toBeGreaterThan(texts.findIndex((text) => text.includes('Seen before')));
  expect(texts[line + 1]).toContain('New one');
});
