import { violations } from '../fixtures/axe.ts';
import { instance } from '../fixtures/instance.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';
import {
  admin,
  approve,
  endReviews,
  newTemplateName,
  openForm,
  previewOf,
  remove,
  reviews,
} from '../pages/template-making.page.ts';
import { openTemplate, phoneOf } from '../pages/template.page.ts';

const ids = (count: number) => Array.from({ length: count }, (_one, index) => `LGB-${index}`).join('\n');

test.beforeEach(async ({ request }) => {
  await reviews(request, { reviewMs: 600_000 });
});
test.afterEach(({ request }) => endReviews(request));

test('a template of several products is written, approved, filled with the shop’s, and ordered from', async ({
  agent,
  browser,
  customer,
  request,
}, info) => {
  test.slow(); // two people sign in: one makes it, one sends it
  const page = await agent(admin());
  const name = newTemplateName('wall_maps');
  await openForm(page, name, 'Several products');
  const phone = previewOf(page);
  await expect(phone).toContainText('View items');
  await expect(page.getByRole('button', { name: 'Add a link' })).toHaveCount(0);
  await page.getByLabel('Text of the header').fill('x'.repeat(61));
  await expect(page.getByText('1 character too long')).toBeVisible();
  await page.getByLabel('Text of the header').fill('For your wall');
  await page.getByLabel('What it says').fill('Maps that go well together, while there are some.');
  await page.getByLabel('Small print below the text').fill('Lantern Books');
  await expect(phone).toContainText('For your wall');
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await approve(page, request, name);
  await expect(phone).toContainText('View items');

  const ana = await agent('Ana');
  const who = newName('Wanda Wall');
  const { inbox, dialog } = await openTemplate(ana, customer, who, name);
  const send = dialog.getByRole('button', { name: 'Send template' });
  await send.click();
  await expect(dialog.getByText('This cannot be empty.')).toBeVisible();
  const first = dialog.getByLabel(/^Ids of the products/).first();
  await first.fill(ids(31));
  await expect(dialog.getByText('31 of 30')).toBeVisible();
  await expect(dialog.getByText('One product too many')).toBeVisible();
  await first.fill('');
  await dialog.getByLabel('Add a product').selectOption('Map of the harbour');
  await dialog.getByRole('button', { name: 'Add a section' }).click();
  await dialog.getByRole('textbox', { name: 'Section 1', exact: true }).fill('Maps');
  await dialog.getByRole('textbox', { name: 'Section 2', exact: true }).fill('x'.repeat(25));
  await expect(dialog.getByText('One character too many')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Section 2', exact: true }).fill('Globes');
  await dialog.getByLabel('Ids of the products in section 2').fill('LGB-GLOBE-03');
  await dialog.getByLabel('Product on the cover').fill('LGB-GLOBE-03');
  await expect(dialog.locator('[aria-invalid=true]')).toHaveCount(0);
  await ana.screenshot({ path: info.outputPath('filled.png') });
  expect(await violations(ana)).toEqual([]);
  await send.click();

  const bubble = inbox.bubble('Maps that go well together');
  await expect(bubble).toContainText('Read');
  await bubble.getByRole('button', { name: 'View items' }).click();
  await expect(bubble.getByText('LGB-GLOBE-03')).toBeVisible();
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  await shown.getByRole('button', { name: 'View items' }).press('Enter');
  const shop = shown.page().getByRole('dialog', { name: 'View items' });
  await expect(shop.getByRole('heading', { name: 'Globes' })).toBeVisible();
  await shop.getByLabel('Map of the harbour').fill('2');
  await shown.page().screenshot({ path: info.outputPath('phone.png') });
  await shop.getByRole('button', { name: 'Place the order' }).press('Enter');
  await expect(inbox.log.getByRole('region', { name: 'Order' })).toContainText('€9.00');
  await remove(page, name);
});

test('a carousel of products is written card by card, and each card shows what it was given', async ({
  agent,
  browser,
  customer,
  request,
}, info) => {
  test.slow(); // two people sign in: one makes it, one sends it
  const page = await agent(admin());
  const name = newTemplateName('wall_shelf');
  await openForm(page, name, 'Carousel');
  await page.getByLabel('What it says').fill('Two that look well side by side:');
  await page.getByRole('radio', { name: 'A product' }).press('Space');
  const card = (number: number) => page.getByRole('group', { name: `Card ${number}`, exact: true });
  await expect(card(1)).toContainText('WhatsApp words it');
  await expect(card(1).getByLabel('What the card says')).toHaveCount(0);
  await expect(card(1).getByRole('button', { name: 'Add a link' })).toBeDisabled();
  // As on the phone: a square picture, where pictures of other cards are wide.
  const shape = await previewOf(page).locator('[data-picture]').first().boundingBox();
  expect(shape?.height).toBeCloseTo(shape?.width ?? 0, 0);
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await approve(page, request, name);

  const ana = await agent('Ana');
  const who = newName('Sid Shelf');
  const { inbox, dialog } = await openTemplate(ana, customer, who, name);
  await expect(dialog.getByLabel('Catalogue', { exact: true })).toHaveValue('610038847722091');
  for (const [index, id] of ['LGB-ATLAS-07', 'LGB-GLOBE-03'].entries()) {
    await dialog
      .getByRole('group', { name: `Card ${index + 1}` })
      .getByLabel('Product')
      .fill(id);
  }
  await expect(dialog.getByText('Pocket atlas')).toBeVisible();
  await dialog.getByRole('button', { name: 'Send template' }).click();
  const bubble = inbox.bubble('Two that look well side by side');
  await expect(bubble).toContainText('LGB-GLOBE-03');
  await expect(bubble).toContainText('Read');
  expect(await violations(ana)).toEqual([]);
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  const globe = shown.getByRole('listitem').filter({ hasText: 'Desk globe' });
  await globe.getByRole('button', { name: 'View' }).press('Enter');
  await expect(shown.page().getByRole('dialog', { name: 'Product' }).getByLabel('Desk globe')).toBeVisible();
  await shown.page().screenshot({ path: info.outputPath('phone.png') });
  await remove(page, name);
});

test('the catalogue goes out with a product on its cover, which is offered for the next one', async ({
  agent,
  browser,
  customer,
}, info) => {
  const ana = await agent('Ana');
  const who = newName('Cato Cover');
  const { inbox, dialog } = await openTemplate(ana, customer, who, 'whole_shop');
  await dialog.getByLabel('Value 1').fill('Cato');
  const cover = dialog.getByLabel('Product on the cover');
  await cover.fill('x'.repeat(257));
  await expect(dialog.getByText('One character too many')).toBeVisible();
  // No product that the catalogue lists: it is known from here alone.
  const product = `LGB-${crypto.randomUUID().slice(0, 8)}`;
  await cover.fill(product);
  await expect(dialog.getByRole('group', { name: 'As the phone shows it' })).toContainText(product);
  await ana.screenshot({ path: info.outputPath('filled.png') });
  expect(await violations(ana)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send template' }).click();
  const bubble = inbox.bubble('Everything on our shelves, Cato');
  await expect(bubble).toContainText(product);
  await expect(bubble).toContainText('View catalog');
  await expect(bubble).toContainText('Read');
  await ana.screenshot({ path: info.outputPath('thread.png') });
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  await expect(shown).toContainText(`Product ${product}`);
  await shown.page().screenshot({ path: info.outputPath('phone.png') });

  const first = dialog.locator('datalist option').first();
  await openTemplate(ana, customer, newName('Cleo Cover'), 'whole_shop');
  await expect(first).toHaveAttribute('value', product);
  await ana.keyboard.press('Escape');
  const mia = customer(newName('Mia Cover'));
  await mia.writes('What do you sell?');
  await inbox.open(mia.name);
  await ana.getByRole('button', { name: 'More to send' }).click();
  await ana.getByRole('menuitem', { name: 'Product', exact: true }).click();
  await expect(dialog.locator(`datalist option[value="${product}"]`)).toHaveCount(1);
});

test('a template asks whether we may call, though the window is closed, and the phone allows it', async ({
  agent,
  browser,
  customer,
  request,
}, info) => {
  test.slow(); // two people sign in: one makes it, one sends it
  const page = await agent(admin());
  const name = newTemplateName('a_word');
  await openForm(page, name, 'Ask to call', 'Utility');
  const phone = previewOf(page);
  await expect(phone).toContainText('Allow calls?');
  await page.getByLabel('What it says').fill('We would like to ask you about the frame of your map.');
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await approve(page, request, name);

  const ana = await agent('Ana');
  const who = newName('Carla Call');
  const { inbox, dialog } = await openTemplate(ana, customer, who, name);
  await expect(dialog.getByText('There is nothing to fill in')).toBeVisible();
  await dialog.getByRole('button', { name: 'Send template' }).click();
  const bubble = inbox.bubble('the frame of your map');
  await expect(bubble).toContainText('Allow calls?');
  await expect(bubble).toContainText('Read');
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  await shown.getByRole('button', { name: 'Allow calls', exact: true }).press('Enter');
  await expect(shown.getByRole('button', { name: 'Allow calls', exact: true })).toBeDisabled();
  await expect(inbox.log).toContainText(/Allows you to call until/);
  await ana.screenshot({ path: info.outputPath('thread.png') });
  await remove(page, name);
});
