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
