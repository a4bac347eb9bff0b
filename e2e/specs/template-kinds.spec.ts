import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';
import { openTemplate, phoneOf, picture } from '../pages/template.page.ts';

test('a one-time code stands in the text and behind the button, and is never longer than the phone takes', async ({
  agent,
  customer,
  browser,
  instance,
}, info) => {
  const page = await agent('Ana');
  const name = newName('Cora Code');
  const { inbox, dialog } = await openTemplate(page, customer, name, 'sign_in');
  const code = dialog.getByLabel('Code', { exact: true });
  await expect(code).toHaveValue('');
  await code.fill('1234567890123456');
  await expect(dialog).toContainText('16/15');
  await expect(dialog).toContainText('1 character too long');
  await code.fill('739184');
  await page.screenshot({ path: info.outputPath('code.png') });
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send template' }).click();
  await expect(inbox.bubble('739184 is your verification code')).toContainText('Read');
  const phone = await phoneOf(browser, instance.simulatorUrl, name);
  await phone.getByRole('button', { name: 'Copy code' }).press('Enter');
  await expect(phone).toContainText('Copied 739184');
  await phone.page().screenshot({ path: info.outputPath('phone.png') });
});

test('an offer counts down to the end it was given, which must lie ahead', async ({
  agent,
  customer,
  browser,
  instance,
}, info) => {
  const page = await agent('Ana');
  const name = newName('Olga Offer');
  const { inbox, dialog } = await openTemplate(page, customer, name, 'weekend');
  const preview = dialog.getByRole('group', { name: 'As the phone shows it' });
  await expect(preview).toContainText('Ends soon!');
  await dialog.locator('input[type=file]').setInputFiles(picture('shelf.png'));
  await dialog.getByLabel('Code behind').fill('BOOKS10');
  await dialog.getByLabel('Ending of the link').fill('atlas');
  await dialog.getByRole('button', { name: 'Send template' }).click();
  await expect(dialog.getByText('Fill this in.')).toHaveCount(1);
  await dialog.getByLabel('The offer ends').fill('2020-01-01T10:00');
  await expect(dialog.getByText('This time is past.')).toBeVisible();
  const year = new Date().getFullYear() + 1;
  await dialog.getByLabel('The offer ends').fill(`${year}-03-01T10:00`);
  await expect(preview).toContainText(`Ends`);
  await page.screenshot({ path: info.outputPath('offer.png') });
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Send template' }).click();
  const bubble = inbox.bubble('ten per cent off every atlas');
  await expect(bubble).toContainText('Ends soon!');
  await expect(bubble).toContainText(/Ends .*10:00/);
  await expect(bubble).toContainText('Read');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('thread.png') });
  const phone = await phoneOf(browser, instance.simulatorUrl, name);
  await expect(phone).toContainText(`Ends soon!`);
  await expect(phone).toContainText(String(year));
  await phone.page().screenshot({ path: info.outputPath('phone.png') });
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1_440],
  ['ar-EG', 'dark', 390],
] as const) {
  test(`a carousel goes out with the picture, words and buttons of each card: ${locale}, ${width} px`, async ({
    agent,
    customer,
    browser,
    instance,
  }, info) => {
    const viewport = { width, height: 900 };
    const page = await agent('Ana', { locale, colorScheme, viewport, reducedMotion: 'reduce' });
    const name = newName('Cleo Cards');
    const { inbox, dialog } = await openTemplate(page, customer, name, 'shelf_tour');
    await dialog.locator('button[type=submit]').click();
    await expect(dialog.locator('[aria-invalid=true]')).toHaveCount(9);
    const files = dialog.locator('input[type=file]');
    for (const [index, title] of ['rivers', 'islands', 'winds'].entries()) {
      await files.nth(index).setInputFiles(picture(`${title}.png`));
      const card = dialog.locator('fieldset').nth(index);
      await card
        .locator('input[type=text]')
        .nth(0)
        .fill(`${12 + index} euros`);
      await card.locator('input[type=text]').nth(1).fill(title);
    }
    await expect(dialog.locator('[aria-invalid=true]')).toHaveCount(0);
    await page.screenshot({ path: info.outputPath('carousel.png') });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await dialog.locator('button[type=submit]').click();

    const bubble = inbox.bubble('The Atlas of Islands');
    await expect(bubble).toContainText('13 euros');
    await expect(bubble.locator('img')).toHaveCount(3);
    for (const image of await bubble.locator('img').all()) {
      await expect(image).toHaveJSProperty('complete', true);
      expect(await image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(1);
    }
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('thread.png') });
    const phone = await phoneOf(browser, instance.simulatorUrl, name);
    await expect(phone.getByRole('listitem').filter({ hasText: 'Winds' }).locator('img.image')).toBeVisible();
    await phone.getByRole('button', { name: 'Keep one for me' }).nth(1).press('Enter');
    await phone.page().screenshot({ path: info.outputPath('phone.png') });
    await expect(inbox.bubble('Keep one for me').last()).toBeVisible();
  });
}
