import type { Locator } from '@playwright/test';
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
import { openTemplate, phoneOf, picture } from '../pages/template.page.ts';

test.beforeEach(async ({ request }) => {
  await reviews(request, { reviewMs: 600_000 });
});
test.afterEach(({ request }) => endReviews(request));

async function fillCard(card: Locator, title: string): Promise<void> {
  await card.locator('input[type=file]').setInputFiles(picture(`${title}.png`));
  await card.getByLabel('What the card says').fill(`${title}, now {{1}} euros`);
  await card.getByRole('group', { name: 'Samples' }).getByLabel('Sample for {{1}}').fill('12');
  await card.getByRole('group', { name: 'Button 1' }).getByLabel('Words on the button').fill(`Keep ${title}`);
  const second = card.getByRole('group', { name: 'Button 2' });
  await second.getByLabel('Words on the button').fill('Look inside');
  await second.getByLabel('Address', { exact: true }).fill('https://lantern.example/b/{{1}}');
  await second.getByLabel('Sample for {{1}}').fill(title.toLowerCase());
}

test('a carousel is written card by card, approved, and swiped through on the phone', async ({
  agent,
  browser,
  customer,
  request,
}, info) => {
  test.slow(); // two people sign in: one makes it, one sends it
  const page = await agent(admin());
  const name = newTemplateName('map_room');
  await openForm(page, name, 'Carousel');
  await page.getByLabel('What it says').fill('Three maps for your wall:');
  const card = (number: number) => page.getByRole('group', { name: `Card ${number}`, exact: true });
  await expect(card(2)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove card 1' })).toBeDisabled();

  await card(1).getByLabel('What the card says').fill('x'.repeat(161));
  await expect(card(1)).toContainText('161 / 160');
  await expect(card(1)).toContainText('1 character too long');
  // What one card gets, all of them get.
  await card(2).getByRole('button', { name: 'Add a link' }).click();
  await expect(card(1).getByRole('group', { name: 'Button 2' })).toBeVisible();
  await expect(card(1).getByRole('button', { name: 'Add a quick reply' })).toBeDisabled();
  await page.getByRole('button', { name: 'Add a card' }).press('Enter');
  await expect(card(3).getByRole('group', { name: 'Button 2' })).toBeVisible();
  for (const [index, title] of ['Harbour', 'Coast', 'Isles'].entries()) await fillCard(card(index + 1), title);

  const phone = previewOf(page);
  await expect(phone.locator('img')).toHaveCount(3);
  await expect(phone).toContainText('Coast, now 12 euros');
  await page.getByRole('button', { name: 'Move card 3 forward' }).press('Enter');
  await expect(phone.getByRole('listitem').filter({ hasText: 'now 12 euros' }).nth(1)).toContainText('Isles');
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);

  await approve(page, request, name);
  await expect(previewOf(page)).toContainText('Keep Harbour');
  await page.screenshot({ path: info.outputPath('approved.png') });

  const ana = await agent('Ana');
  const who = newName('Mara Maps');
  const { inbox, dialog } = await openTemplate(ana, customer, who, name);
  for (const [index, title] of ['harbour', 'isles', 'coast'].entries()) {
    await dialog
      .locator('input[type=file]')
      .nth(index)
      .setInputFiles(picture(`${title}.png`));
    const fields = dialog.locator('fieldset').nth(index).locator('input[type=text]');
    await fields.nth(0).fill(String(20 + index));
    await fields.nth(1).fill(title);
  }
  await dialog.getByRole('button', { name: 'Send template' }).click();
  await expect(inbox.bubble('Isles, now 21 euros')).toContainText('Read');
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  const isles = shown.getByRole('listitem').filter({ hasText: 'Isles, now 21 euros' });
  await expect(isles.locator('img.image')).toBeVisible();
  await shown.page().screenshot({ path: info.outputPath('phone.png') });
  await isles.getByRole('button', { name: 'Keep Isles' }).press('Enter');
  await expect(inbox.bubble('Keep Isles').last()).toBeVisible();

  await page.getByRole('button', { name: 'Change' }).click();
  await expect(card(2).getByLabel('What the card says')).toHaveValue('Isles, now {{1}} euros');
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByText('Fill this in.')).toHaveCount(3);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await remove(page, name);
});

test('a limited-time offer is written with its code and link, approved, and counts down on the phone', async ({
  agent,
  browser,
  customer,
  request,
}, info) => {
  test.slow(); // two people sign in: one makes it, one sends it
  const page = await agent(admin());
  const name = newTemplateName('map_days');
  await openForm(page, name, 'Limited-time offer');
  const heading = page.getByLabel('Heading of the offer');
  await heading.fill('Only for a few days');
  await expect(page.getByText('19 / 16')).toBeVisible();
  await heading.fill('A few days only');
  await expect(page.getByText('0 / 600')).toBeVisible();
  await page
    .getByLabel('What it says')
    .fill('Every map of the harbour at half its price, {{1}}, while there are some.');
  await page.getByRole('group', { name: 'Samples' }).getByLabel('Sample for {{1}}').fill('Ada');
  await expect(page.getByLabel('Small print below the text')).toHaveCount(0);
  await page.getByLabel('Sample of the code').fill('MAPS50');
  const link = page.getByRole('group', { name: 'Button 2' });
  await link.getByLabel('Words on the button').fill('To the maps');
  await link.getByLabel('Address', { exact: true }).fill('https://lantern.example/maps');
  const phone = previewOf(page);
  await expect(phone).toContainText('A few days only');
  await expect(phone).toContainText(/Ends /);
  // What does not end needs no code.
  await page.getByRole('button', { name: 'Remove button 1' }).click();
  const submit = page.getByRole('button', { name: 'Submit for review' });
  await submit.click();
  await expect(page.getByText('An offer has a code to copy')).toBeVisible();
  await page.getByRole('switch', { name: 'Count down to its end' }).click();
  await expect(page.getByText('An offer has a code to copy')).toHaveCount(0);
  await expect(phone).not.toContainText(/Ends /);
  await page.getByRole('switch', { name: 'Count down to its end' }).click();
  await page.getByRole('button', { name: 'Add a code' }).click();
  await page.getByLabel('Sample of the code').fill('MAPS50');
  await page.getByLabel('What stands above the text').selectOption('image');
  await page.locator('input[type=file]').setInputFiles(picture('harbour.png'));
  await expect(phone.locator('img')).toBeVisible();
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);

  await approve(page, request, name);
  await expect(previewOf(page)).toContainText('A few days only');
  await page.screenshot({ path: info.outputPath('approved.png') });

  const ana = await agent('Ana');
  const who = newName('Otto Offer');
  const { inbox, dialog } = await openTemplate(ana, customer, who, name);
  await dialog.locator('input[type=file]').setInputFiles(picture('harbour.png'));
  await dialog.getByLabel('Value 1').fill('Otto');
  await dialog.getByLabel('Code behind').fill('MAPS50');
  const year = new Date().getFullYear() + 1;
  await dialog.getByLabel('The offer ends').fill(`${year}-03-01T10:00`);
  await dialog.getByRole('button', { name: 'Send template' }).click();
  await expect(inbox.bubble('Every map of the harbour')).toContainText('Read');
  const shown = await phoneOf(browser, instance().simulatorUrl, who);
  await expect(shown).toContainText('A few days only');
  await expect(shown).toContainText(String(year));
  await shown.page().screenshot({ path: info.outputPath('phone.png') });
  await remove(page, name);
});

test('what stood above the text and below it comes back with the kind that can have it', async ({ agent }) => {
  const page = await agent(admin());
  await openForm(page, newTemplateName('back_again'), 'Text and buttons');
  const above = page.getByLabel('What stands above the text');
  const choose = (kind: string) => page.getByRole('radio', { name: kind }).press('Space');
  await above.selectOption('image');
  await page.locator('input[type=file]').setInputFiles(picture('harbour.png'));
  const phone = previewOf(page);
  await expect(phone.locator('img')).toBeVisible();
  await page.getByRole('button', { name: 'Add a quick reply' }).click();
  await page.getByLabel('Words on the button').fill('Tell me more');

  await choose('Several products');
  await expect(page.getByLabel('Text of the header')).toBeVisible();
  await expect(phone.locator('img')).toHaveCount(0);
  await choose('Text and buttons');
  await expect(above).toHaveValue('image');
  await expect(phone.locator('img')).toBeVisible();

  await choose('Limited-time offer');
  await expect(page.getByLabel('Sample of the code')).toBeVisible();
  await choose('Text and buttons');
  await expect(page.getByLabel('Words on the button')).toHaveValue('Tell me more');
  await above.selectOption('document');
  await choose('Limited-time offer');
  await expect(above).toHaveValue('none');
  await choose('Text and buttons');
  await expect(above).toHaveValue('document');
});

test('a code is handed to an app, and a form, a call and contact details are asked for by buttons', async ({
  agent,
}, info) => {
  const page = await agent(admin());
  await page.goto('/settings/templates/new');
  await page.getByRole('button', { name: 'Add a form' }).click();
  await page.getByLabel('Form', { exact: true }).fill('884100912345');
  await expect(page.getByText('Table booking')).toBeVisible();
  await page.getByLabel('Words on the button').fill('Book a table');
  await page.getByRole('button', { name: 'Add a WhatsApp call' }).click();
  await page.getByRole('group', { name: 'Button 2' }).getByLabel('Words on the button').fill('Call us here');
  await page.getByRole('button', { name: 'Ask for contact details' }).click();
  await expect(page.getByRole('button', { name: 'Ask for contact details' })).toBeDisabled();
  const phone = previewOf(page);
  for (const words of ['Book a table', 'Call us here', 'Share contact info']) await expect(phone).toContainText(words);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('radio', { name: 'Authentication' }).press('Space');
  await page.getByRole('radio', { name: 'By itself' }).press('Space');
  const name = newTemplateName('map_code');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Words on the button', { exact: true }).fill('Copy code');
  await page.getByLabel('Words on the button that fills it in').fill('Fill in');
  await page.getByRole('button', { name: 'Add an app' }).click();
  await page.getByLabel('Name of the package').fill('com.lantern.shop');
  await page.getByLabel('Hash of the signature').fill('K8a/AINcGX7');
  const submit = page.getByRole('button', { name: 'Submit for review' });
  await submit.click();
  await expect(page.getByText('WhatsApp wants this accepted.')).toBeVisible();
  await page.getByRole('switch', { name: /We accept/ }).click();
  await page.screenshot({ path: info.outputPath('code.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  await submit.click();
  await expect(page).toHaveURL(/\/settings\/templates\/\d+$/);
  await remove(page, name);
});

test('the form of a carousel is accessible in Arabic on a phone', async ({ agent }, info) => {
  const viewport = { width: 390, height: 844 };
  const page = await agent(admin(), { locale: 'ar-EG', colorScheme: 'dark', viewport, reducedMotion: 'reduce' });
  await page.goto('/settings/templates/new');
  await page.getByRole('radio', { name: 'تسويق' }).press('Space');
  await page.getByRole('radio', { name: 'بطاقات متتابعة' }).press('Space');
  await page.locator('textarea').nth(1).fill('خريطة المرفأ');
  await page.screenshot({ path: info.outputPath('arabic.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
