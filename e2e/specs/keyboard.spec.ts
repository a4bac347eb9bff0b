import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('from the list to resolved without a pointer', async ({ agent, customer }) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  const { keyboard } = page;
  const name = newName('Keyboard Kim');
  await customer(name).writes('Only keys, please');
  await expect(ana.row(name)).toBeVisible();

  await keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await keyboard.type(name);
  await expect(page.locator('#list').getByRole('list').getByRole('link')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(ana.row(name)).toBeFocused();
  await keyboard.press('Enter');
  await expect(ana.bubble('Only keys, please')).toBeVisible();

  await keyboard.press('c');
  await expect(ana.header).toContainText('Yours');
  await keyboard.press('r');
  await expect(ana.composer).toBeFocused();
  await keyboard.type('cezar?/ are letters here');
  await expect(ana.composer).toHaveValue('cezar?/ are letters here');
  await keyboard.press('Enter');
  await expect(ana.bubble('cezar?/ are letters here')).toContainText('Read');

  await keyboard.press('Escape');
  await expect(ana.composer).not.toBeFocused();
  await keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Resolve');
  await expect(page.getByRole('dialog').getByText('Mark as unread').locator('..')).toContainText('U');
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await keyboard.press('e');
  await expect(ana.header).toContainText('Resolved');
  await keyboard.press('a');
  await expect(page.getByRole('menu')).toHaveCount(0);
});

test('half a word of an input method is not sent', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Input Iku');
  await customer(name).writes('こんにちは');
  await ana.open(name);
  await ana.composer.fill('にほ');
  await ana.composer.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  await expect(ana.composer).toHaveValue('にほ');
});

test('after claiming the focus is where the work goes on', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Focus Fay');
  await customer(name).writes('Anybody?');
  await ana.open(name);
  await ana.button(/^Claim/).press('Enter');
  await expect(ana.composer).toBeFocused();
});

/** Holds back the files of this name until `open`. */
async function gate(page: Page, files: RegExp): Promise<() => void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  await page.route(files, async (route) => {
    await opened;
    await route.continue();
  });
  return open;
}

test('what is typed before the palette or the tags are there is theirs, and does nothing on the page', async ({
  agent,
  customer,
}) => {
  // Without a worker, which would have the files already.
  const page = await agent('Ana', { serviceWorkers: 'block' });
  const ana = new InboxPage(page);
  const { keyboard } = page;
  const [name, tag] = [newName('Hasty Hal'), newName('hasty')];
  await customer(name).writes('Quick, quick');
  await ana.openView(/^All/);
  await ana.open(name);
  await ana.button(/^Claim/).click();
  await expect(ana.header).toContainText('Yours');
  const open = await gate(page, /\/(InboxPalette|TagDialog)-/);
  await page.reload();
  await expect(ana.bubble('Quick, quick')).toBeVisible();
  await ana.composer.focus();

  await keyboard.press('Control+k');
  await keyboard.type('themee');
  await keyboard.press('Backspace');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(ana.composer).toHaveValue('');
  // Called off before it came: the page has its keys again.
  await keyboard.press('Escape');
  await keyboard.type('Mine');
  await expect(ana.composer).toHaveValue('Mine');
  await ana.composer.fill('');
  await ana.log.focus();
  await keyboard.press('t');
  await keyboard.type(tag);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await keyboard.press('Escape');

  await keyboard.press('Control+k');
  await keyboard.type('theme');
  open();
  await expect(page.getByRole('combobox')).toBeFocused();
  await expect(page.getByRole('combobox')).toHaveValue('theme');
  await expect(page.getByRole('option', { selected: true })).toContainText('Theme');
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await ana.log.focus();
  await keyboard.press('t');
  await keyboard.type(tag);
  await keyboard.press('Enter');
  await expect(page.getByRole('option', { name: tag })).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Control+Enter');
  await expect(ana.row(name)).toContainText(tag.slice(0, 5));
  // None of the letters claimed, resolved or snoozed anything on the way.
  await expect(ana.header).toContainText('Yours');
});
