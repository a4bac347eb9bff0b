import { violations } from '../fixtures/axe.ts';
import { offerStory as it } from '../fixtures/offer-story.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';
import { picture } from '../pages/template.page.ts';

it('buttons, by keyboard alone: limits while typing, the phone beside it, and the tap comes back', async ({
  story,
}) => {
  const { inbox, dialog, phone } = story;
  const { keyboard } = inbox.page;
  await inbox.page.getByRole('button', { name: 'More to send' }).focus();
  await keyboard.press('Enter');
  await expect(inbox.page.getByRole('menuitem', { name: 'Buttons' })).toBeFocused();
  await keyboard.press('Enter');
  const text = dialog.getByRole('textbox', { name: 'Text' });
  await expect(text).toBeFocused();
  await keyboard.press('ControlOrMeta+Enter');
  await expect(dialog.getByText('This cannot be empty.')).toHaveCount(2);
  await keyboard.type('Pick it up *when*?');
  await keyboard.press('Tab');
  await keyboard.type('A title of 21 letters');
  await expect(dialog.getByText('One character too many')).toBeVisible();
  await keyboard.press('ControlOrMeta+A');
  await keyboard.type('Today');
  await keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Button 2' })).toBeFocused();
  await keyboard.type('Tomorrow');
  await expect(dialog.locator('figure')).toContainText('Tomorrow');
  await expect(dialog.locator('figure strong')).toHaveText('when');
  await keyboard.press('ControlOrMeta+Enter');
  await expect(dialog).toHaveCount(0);
  expect(await story.last()).toMatchObject({ interactive: { type: 'button' } });

  await expect(inbox.bubble('Pick it up')).toContainText('Tomorrow');
  await phone.getByRole('button', { name: 'Tomorrow' }).press('Enter');
  await expect(inbox.bubble('Tapped a button')).toContainText('Tomorrow');
  await expect(phone.getByRole('button', { name: 'Today' })).toBeDisabled();
});

it('buttons below a picture: chosen, shown on both sides, and kept while the form is closed by mistake', async ({
  story,
}, info) => {
  const { inbox, dialog, phone } = story;
  await story.open('Buttons');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('This one, or another?');
  await dialog.getByRole('textbox', { name: 'Button 1' }).fill('This one');
  await dialog.getByLabel('Above the text').selectOption('A picture');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog.getByText('This cannot be empty.')).toBeVisible();
  await dialog.locator('input[type=file]').setInputFiles(picture('atlas.png'));
  await expect(dialog.locator('figure img')).toBeVisible();
  await inbox.page.screenshot({ path: info.outputPath('form.png') });
  expect(await violations(inbox.page)).toEqual([]);
  await inbox.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await story.open('Buttons');
  await expect(dialog.locator('figure img')).toBeVisible();
  await story.send();

  await expect
    .poll(() => story.last())
    .toMatchObject({ interactive: { type: 'button', header: { type: 'image', image: { id: expect.any(String) } } } });
  const bubble = inbox.bubble('This one, or another?');
  await expect(bubble.locator('img').first()).toBeVisible();
  await expect(bubble).toContainText('This one');
  await expect(phone.locator('.bubble.business').last().locator('img.image')).toBeVisible();
  await inbox.page.screenshot({ path: info.outputPath('thread.png') });
  await phone.getByRole('button', { name: 'This one' }).press('Enter');
  await expect(inbox.bubble('Tapped a button')).toContainText('This one');
});

it('a list: ten rows at most, opened on the phone and in the thread, and the choice comes back', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('List');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Which shop?');
  await dialog.getByLabel('Words on the button that opens the list').fill('Our shops');
  await dialog.getByLabel('Row 1', { exact: true }).fill('Alfama');
  await dialog.getByLabel('Description of row 1').fill('Open until six');
  for (let n = 2; n <= 10; n += 1) {
    await dialog.getByRole('button', { name: 'Add a row' }).click();
    await expect(dialog.getByLabel(`Row ${String(n)}`, { exact: true })).toBeFocused();
    await inbox.page.keyboard.type(`Shop ${String(n)}`);
  }
  await expect(dialog.getByRole('button', { name: 'Add a row' })).toHaveCount(0);
  await expect(dialog.getByText('A list has at most 10 rows in all.')).toBeVisible();
  await story.send();

  const bubble = inbox.bubble('Which shop?');
  await bubble.getByRole('button', { name: 'Our shops' }).click();
  await expect(bubble.getByText('Open until six')).toBeVisible();
  await phone.getByRole('button', { name: 'Our shops' }).press('Enter');
  await phone.page().getByRole('dialog').getByRole('button', { name: 'Shop 7' }).click();
  await expect(inbox.bubble('Shop 7').last()).toContainText('Chose from a list');
});

it('a link goes only to https, and opens on the phone', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Link');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Your parcel is on its way');
  await dialog.getByLabel('Words on the button').fill('Follow it');
  await dialog.getByLabel('Address').fill('http://parcel.example/8841');
  await dialog.getByLabel('Footer').fill('Lantern Books');
  await expect(dialog.getByText('begins with https://')).toBeVisible();
  await dialog.getByLabel('Address').fill('https://parcel.example/8841');
  await expect(dialog.getByText('begins with https://')).toHaveCount(0);
  await story.send();
  await expect(phone.getByRole('link', { name: 'Follow it' })).toHaveAttribute('href', 'https://parcel.example/8841');
  const bubble = inbox.bubble('Your parcel');
  await expect(bubble.getByRole('link', { name: 'Follow it' })).toHaveAttribute('href', 'https://parcel.example/8841');
  await expect(bubble).toContainText('Lantern Books');
});

it('asking for the location, the phone sends it', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Ask for location');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Where shall we deliver?');
  await story.send();
  await expect(inbox.bubble('Where shall we deliver?')).toContainText('Send location');
  await phone.getByRole('button', { name: 'Send location' }).press('Enter');
  await expect(inbox.log.getByText('Rua Garrett 12, Lisbon')).toBeVisible();
  await expect(phone.getByRole('button', { name: 'Send location' })).toBeDisabled();
});

it('asking for contact details, the phone shares them', async ({ story }) => {
  const { inbox, dialog, phone, mia } = story;
  await story.open('Ask for contact details');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Which number may we call?');
  await story.send();
  await phone.getByRole('button', { name: 'Share contact info' }).press('Enter');
  await expect(inbox.log.getByText(`+${mia.phone}`)).toBeVisible();
});

it('a place, pasted as maps copy it', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Location');
  await dialog.getByLabel('Latitude').evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '38.7107, -9.1366');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(dialog.getByLabel('Longitude')).toHaveValue('-9.1366');
  await dialog.getByLabel('Name of the place').fill('The old counter');
  await story.send();
  await expect(inbox.log.getByText('The old counter')).toBeVisible();
  await expect(phone.locator('.bubble.business').last()).toContainText('The old counter');
  expect(await story.last()).toMatchObject({ type: 'location', location: { latitude: 38.7107, longitude: -9.1366 } });
});

it('a contact card with an address and a birthday, kept while a mistake closes the form', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Contact card');
  await dialog.getByLabel('Name').fill('Rui Tavares');
  await expect(dialog.getByLabel('Street')).toBeHidden();
  await dialog.getByText('More fields').click();
  await dialog.getByLabel('City').fill('Porto');
  await dialog.getByLabel('Street').fill('x'.repeat(501));
  await expect(dialog.getByText('One character too many')).toBeVisible();
  await dialog.getByLabel('Street').fill('Rua da Alegria 12');
  await dialog.getByLabel('Birthday').fill('1987-04-09');
  await inbox.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await story.open('Contact card');
  await expect(dialog.getByLabel('Name')).toHaveValue('Rui Tavares');
  await expect(dialog.getByLabel('Street')).toHaveValue('Rua da Alegria 12');
  await expect(dialog.locator('figure')).toContainText('Rua da Alegria 12, Porto');
  await dialog.getByLabel('Phone number').fill('21 555 0100');
  await dialog.getByLabel('Company').fill('Harbour Maps');
  await expect(dialog.getByText('with + and the country code')).toBeVisible();
  await dialog.getByLabel('Phone number').fill('+351 21 555 0100');
  await story.send();
  await expect(inbox.log.getByText('Harbour Maps')).toBeVisible();
  await expect(inbox.log.getByText('Rua da Alegria 12, Porto')).toBeVisible();
  expect(await story.last()).toMatchObject({
    contacts: [{ addresses: [{ street: 'Rua da Alegria 12', city: 'Porto' }], birthday: '1987-04-09' }],
  });
  await expect(phone.locator('.bubble.business').last()).toContainText('Rui Tavares');
});

it('whoever has not seen what came in is told before it leaves', async ({ story }) => {
  const { inbox, dialog, mia } = story;
  // More than the screen holds, however the bubbles are grouped.
  for (let n = 1; n <= 30; n += 1) await mia.writes(`Line ${String(n)}.`);
  await expect(inbox.bubble('Line 30.')).toBeVisible();
  await inbox.log.evaluate((log) => log.scrollTo(0, 0));
  await story.open('Ask for location');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Where are you?');
  await mia.writes('I moved, by the way');
  // The thread behind the dialog is hidden from those who cannot see it: by its place, not by its role.
  await expect(inbox.page.locator('#thread button', { hasText: '1 new message' })).toBeAttached();
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  const asked = async () =>
    (await mia.received()).filter(({ body }) => JSON.stringify(body).includes('location_request_message')).length;
  expect(await asked()).toBe(0);
  await dialog.getByRole('button', { name: 'Send anyway' }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(asked).toBe(1);
});

const looks = [
  { locale: 'en-GB', colorScheme: 'light', width: 1_440 },
  { locale: 'es-ES', colorScheme: 'dark', width: 1_440 },
  { locale: 'pt-BR', colorScheme: 'light', width: 390 },
  { locale: 'ar-EG', colorScheme: 'dark', width: 390 },
] as const;

for (const { locale, colorScheme, width } of looks) {
  test(`every form is accessible: ${locale}, ${colorScheme}, ${String(width)} px`, async ({ agent, customer }) => {
    test.slow(); // fourteen forms
    // In India: everything is on offer.
    const mia = customer(newName('Mia Looks'), '9198');
    await mia.writes('Hello?');
    const page = await agent('Ben', { locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    // A pointer that rests on the list holds its rows where they are.
    await page.mouse.move(0, 0);
    await page.locator('#list').getByRole('link').filter({ hasText: mia.name }).click();
    const plus = page.locator('[data-offers]');
    const dialog = page.getByRole('dialog');
    for (let index = 0; index < 14; index += 1) {
      await plus.click();
      const entry = page.getByRole('menuitem').nth(index);
      await expect(entry).toBeVisible();
      if (index === 0) expect(await violations(page)).toEqual([]);
      await entry.click();
      await expect(dialog).toBeVisible();
      await dialog.locator('button[type="submit"]').click();
      await expect(dialog.locator('[aria-invalid]').first()).toBeFocused();
      for (const folded of await dialog.locator('details:not([open]) > summary').all()) await folded.click();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
      await page.screenshot({ path: test.info().outputPath(`${locale}-${String(width)}-${String(index)}.png`) });
      await page.keyboard.press('Escape');
      await expect(dialog).toHaveCount(0);
    }
  });
}
