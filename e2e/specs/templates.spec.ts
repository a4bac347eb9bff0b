import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';
import { openClosed, picture } from '../pages/template.page.ts';

test('a template reaches the customer though the window is closed, and the answer opens it', async ({
  agent,
  customer,
  browser,
  instance,
}) => {
  const page = await agent('Ana');
  const name = newName('Tessa Late');
  const ana = await openClosed(page, customer, name);
  const dialog = page.getByRole('dialog');

  // Two keys: the list, and the first that fits.
  await page.keyboard.press('p');
  await expect(dialog.getByRole('option').first()).toBeVisible();
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('follow');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  // The customer's first name stands there already, in the field and on the phone beside it.
  await expect(dialog.getByLabel('first name')).toHaveValue('Tessa');
  await expect(dialog.getByRole('group', { name: 'As the phone shows it' })).toContainText('Hello Tessa, you wrote');
  await dialog.getByRole('button', { name: 'Send template' }).press('Enter');

  const words = 'Hello Tessa, you wrote to us recently. May we still help you?';
  await expect(dialog).toHaveCount(0);
  await expect(ana.bubble(words)).toContainText('Yes, please');
  await expect(ana.row(name)).toContainText('Hello Tessa');

  const phones = await (await browser.newContext()).newPage();
  await phones.goto(instance.simulatorUrl);
  const chip = phones.getByRole('button', { name, exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
  const phone = phones.getByRole('region', { name: `Phone of ${name}` });
  await expect(phone).toContainText(words);
  // By key: on a full page of phones the others' news move it under the pointer.
  await phone.getByRole('button', { name: 'Yes, please' }).press('Enter');

  await expect(ana.composer).toBeVisible();
  await expect(ana.bubble('Yes, please').last()).toBeVisible();
  await ana.reply('We can: it is on the shelf for you.');
  await expect(phone).toContainText('it is on the shelf for you');
  await phones.context().close();
});

test('a picture, values and a code are checked before anything leaves', async ({
  agent,
  customer,
  browser,
  instance,
}) => {
  const page = await agent('Ana');
  const name = newName('Nora New');
  const ana = await openClosed(page, customer, name);
  await ana.button('Choose a template').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill('arrivals');
  await dialog.getByRole('option').first().click();
  await dialog.getByRole('button', { name: 'Send template' }).click();
  await expect(dialog.getByText('Fill this in.')).toHaveCount(3);

  await dialog.locator('input[type=file]').setInputFiles({ ...picture('notes.txt'), mimeType: 'text/plain' });
  await expect(dialog).toContainText('does not take this kind of file');
  await dialog.locator('input[type=file]').setInputFiles(picture('shelf.png'));
  await dialog.getByLabel('title').fill('x'.repeat(1_000));
  await expect(dialog).toContainText(/characters? too long/);
  await dialog.getByLabel('title').fill('The Atlas of Rivers<img src=x onerror=alert(1)>');
  await dialog.getByLabel(/Code behind/).fill('BOOKS10');
  await dialog.getByRole('button', { name: 'Send template' }).click();

  const bubble = ana.bubble('The Atlas of Rivers');
  await expect(bubble.locator('img')).toBeVisible();
  await expect(bubble).toContainText('<img src=x onerror=alert(1)>');
  await expect(bubble.locator('img')).toHaveCount(1);
  await expect(bubble).toContainText('Answer STOP to hear no more of this');
  await expect(bubble).toContainText('Read');
  const phones = await (await browser.newContext()).newPage();
  await phones.goto(instance.simulatorUrl);
  const chip = phones.getByRole('button', { name, exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
  const phone = phones.getByRole('region', { name: `Phone of ${name}` });
  await expect(phone.locator('img.image')).toBeVisible();
  await phone.getByRole('button', { name: 'Copy offer code' }).press('Enter');
  await expect(phone).toContainText('Copied BOOKS10');
  await phones.context().close();
});

test('a template that WhatsApp pauses cannot be chosen any more, at once and with the reason', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const page = await agent('Ana');
  await openClosed(page, customer, newName('Paula Paused'));
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog');
  const option = dialog.getByRole('option', { name: /hello_world/ });
  await dialog.getByRole('combobox').fill('hello');
  await expect(option).not.toHaveAttribute('aria-disabled', 'true');
  // Of reports of one second the worse one stands, so the second one is later.
  const now = Math.floor(Date.now() / 1_000);
  const set = (status: string, time: number) =>
    request.post(`${instance.simulatorUrl}/control/templates`, {
      data: { name: 'hello_world', status, time, description: 'Paused for 3 hours' },
    });
  await set('PAUSED', now);
  await expect(option).toContainText('Paused');
  await expect(option).toHaveAttribute('aria-disabled', 'true');
  await option.hover();
  await expect(dialog).toContainText('customers reported or blocked it');
  await expect(dialog).toContainText('Paused for 3 hours');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('combobox')).toBeVisible();
  await set('APPROVED', now + 1);
  await expect(option).not.toHaveAttribute('aria-disabled', 'true');
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1_440],
  ['en-GB', 'dark', 1_440],
  ['ar-EG', 'light', 1_440],
  ['en-GB', 'light', 390],
  ['ar-EG', 'dark', 390],
] as const) {
  test(`choosing and filling in are accessible: ${locale}, ${colorScheme}, ${width} px`, async ({
    agent,
    customer,
  }, info) => {
    const page = await agent('Ana', { locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const picture = (what: string) => page.screenshot({ path: info.outputPath(`${what}.png`) });
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    await openClosed(page, customer, newName('Lena Look'));
    await picture('closed');
    expect(await violations(page)).toEqual([]);
    await page.getByTestId('window-closed').getByRole('button').first().click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('option').first()).toBeVisible();
    await picture('list');
    expect(await violations(page)).toEqual([]);
    expect(await fits()).toBe(true);
    await dialog.getByRole('combobox').fill('order_sent');
    await page.keyboard.press('Enter');
    await dialog.locator('button[type=submit]').click();
    await picture('faults');
    expect(await violations(page)).toEqual([]);
    const fields = dialog.locator('input[type=text]');
    for (const [index, words] of ['8841', 'Lena', 'Friday', '8841'].entries()) await fields.nth(index).fill(words);
    await picture('filled');
    expect(await violations(page)).toEqual([]);
    expect(await fits()).toBe(true);
    await dialog.locator('button[type=submit]').click();
    await expect(page.getByRole('log').getByRole('article').last()).toContainText('Friday');
    await expect(dialog).toHaveCount(0);
    await picture('thread');
    expect(await violations(page)).toEqual([]);
  });
}

test('the settings show every template as WhatsApp has it, live, and read them again', async ({
  agent,
  request,
  instance,
}, info) => {
  const admin = instance.signIns.find(({ role }) => role === 'admin');
  const page = await agent(admin?.name ?? '');
  await page.goto('/settings/templates');
  const row = (name: string) => page.locator('#settings-page').getByRole('listitem').filter({ hasText: name }).first();
  await expect(row('autumn_sale')).toContainText('Rejected');
  await expect(row('autumn_sale')).toContainText('Its format or its variables break a rule');
  await expect(row('new_arrivals')).toContainText('Medium quality');
  await page.screenshot({ path: info.outputPath('templates.png') });
  expect(await violations(page)).toEqual([]);

  const control = `${instance.simulatorUrl}/control/templates`;
  await request.post(control, { data: { name: 'order_sent', quality: 'RED' } });
  await expect(row('order_sent')).toContainText('Low quality');
  await page.getByRole('button', { name: 'Read again' }).click();
  await expect(page.getByRole('button', { name: 'Read again' })).toBeEnabled();
  await expect(page.getByText(/\d+ templates, read from WhatsApp now/)).toBeVisible();

  await page.getByLabel('State').selectOption({ label: 'Rejected' });
  await expect(row('order_sent')).toHaveCount(0);
  await row('autumn_sale').getByRole('link').click();
  await expect(page.getByText('WhatsApp rejected this template.')).toBeVisible();
  await expect(page.getByText('Hola {{1}}{{2}}')).toBeVisible();
  await page.screenshot({ path: info.outputPath('detail.png') });
  expect(await violations(page)).toEqual([]);
});

test('a reading of the templates that failed is told as such, beside when they were read last', async ({
  agent,
  instance,
}, info) => {
  const admin = instance.signIns.find(({ role }) => role === 'admin');
  const page = await agent(admin?.name ?? '', { serviceWorkers: 'block' });
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000 - 5_000).toISOString();
  await page.route('**/api/templates', async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { syncs: object[] };
    const failed = { isRunning: false, found: 0, startedAt: ago(5), finishedAt: ago(65), error: 'Session has expired' };
    await route.fulfill({ response, json: { ...list, syncs: list.syncs.map((sync) => ({ ...sync, ...failed })) } });
  });
  await page.goto('/settings/templates');
  const status = page.getByRole('status').filter({ hasText: 'Session has expired' });
  await expect(status).toContainText('Read from WhatsApp 1 hour ago');
  await expect(status).toContainText('Last tried 5 minutes ago, and it came to nothing');
  await page.screenshot({ path: info.outputPath('failed.png') });
  expect(await violations(page)).toEqual([]);
});

for (const [locale, colorScheme, width] of [
  ['ar-EG', 'light', 1_440],
  ['en-GB', 'dark', 390],
] as const) {
  test(`the settings of templates are accessible: ${locale}, ${colorScheme}, ${width} px`, async ({
    agent,
    instance,
  }, info) => {
    const supervisor = instance.signIns.find(({ role }) => role === 'supervisor');
    const viewport = { width, height: 900 };
    const page = await agent(supervisor?.name ?? '', { locale, colorScheme, viewport, reducedMotion: 'reduce' });
    for (const [what, path] of [
      ['list', '/settings/templates'],
      ['one', '/settings/templates/1013000000000006'],
    ] as const) {
      await page.goto(path);
      await expect(page.locator('#settings-page')).toContainText('order_sent');
      await page.screenshot({ path: info.outputPath(`${what}.png`) });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
}
