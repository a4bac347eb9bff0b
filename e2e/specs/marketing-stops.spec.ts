import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import type { Customer } from '../fixtures/customer.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const HOUR_S = 3_600;
const STOPPED_MARKETING = 131_050;
/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** The customer tells WhatsApp what they want of marketing. */
const tells = (one: Customer, value: 'stop' | 'resume', timestamp: number): Promise<void> =>
  one.causes({
    field: 'user_preferences',
    user_preferences: [{ wa_id: one.phone, category: 'marketing_messages', detail: 'Said so', value, timestamp }],
  });

/** The list of templates of a thread whose window closed an hour ago. */
async function openTemplates(page: Page, one: Customer): Promise<InboxPage> {
  const inbox = new InboxPage(page);
  const timestamp = String(Math.floor(Date.now() / 1_000) - 25 * HOUR_S);
  await one.delivers({ timestamp, type: 'text', text: { body: 'Yesterday’s question' } });
  // Anew, for a pointer that rests on the list holds its rows where they are.
  await page.goto('/inbox/all');
  await inbox.open(one.name);
  await choose(page);
  return inbox;
}
const choose = (page: Page): Promise<void> => page.getByTestId('window-closed').getByRole('button').first().click();

const option = (page: Page, name: string) => page.getByRole('dialog').getByRole('option', { name: new RegExp(name) });

for (const [colorScheme, width] of [
  ['light', 1_440],
  ['dark', 390],
] as const) {
  test(`marketing is held back from who wants none, with the reason, and the rest can go: ${colorScheme}, ${width} px`, async ({
    agent,
    customer,
  }, info) => {
    const page = await agent('Ana', { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    const nina = customer(newName('Nina News'));
    await openTemplates(page, nina);
    const dialog = page.getByRole('dialog');
    const field = dialog.getByRole('combobox');
    await expect(option(page, 'shelf_tour')).not.toHaveAttribute('aria-disabled', 'true');

    // Heard while the list is open.
    const now = Math.floor(Date.now() / 1_000);
    await tells(nina, 'stop', now);
    await expect(option(page, 'shelf_tour')).toHaveAttribute('aria-disabled', 'true');
    await expect(option(page, 'follow_up')).not.toHaveAttribute('aria-disabled', 'true');
    await field.fill('shelf_tour');
    // What is read out with the option under the cursor.
    await expect(option(page, 'shelf_tour')).toHaveAccessibleName(/Not wanted.*wanted no marketing messages since/);
    await expect(option(page, 'shelf_tour')).toHaveAttribute('aria-selected', 'true');
    await page.screenshot({ path: info.outputPath('unwanted.png') });
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(field).toBeVisible();
    await field.fill('follow_up');
    await page.keyboard.press('Enter');
    await expect(dialog.getByLabel('first name')).toHaveValue('Nina');
    await dialog.getByRole('button', { name: 'Other template' }).click();

    await field.fill('shelf_tour');
    await tells(nina, 'resume', now + 1);
    await expect(option(page, 'shelf_tour')).not.toHaveAttribute('aria-disabled', 'true');
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: 'Send template' })).toBeEnabled();
    // And once more while it is filled in.
    await tells(nina, 'stop', now + 2);
    await expect(dialog.getByRole('alert')).toContainText('wanted no marketing messages since');
    await expect(dialog.getByRole('button', { name: 'Send template' })).toBeDisabled();
    await page.screenshot({ path: info.outputPath('filling.png') });
    expect(await violations(page)).toEqual([]);
    expect((await nina.received()).filter(({ body }) => body.type === 'template')).toEqual([]);
  });
}

test('a refusal by WhatsApp says it too: in the thread, and before the next one', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const page = await agent('Ana');
  const rosa = customer(newName('Rosa Refuses'));
  const refuseOnce = { match: { to: rosa.phone }, count: 1, fault: { code: STOPPED_MARKETING } };
  await request.post(`${instance.simulatorUrl}/control/faults`, { data: { sends: [refuseOnce] } });

  const ana = await openTemplates(page, rosa);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill('new_arrivals');
  await option(page, 'new_arrivals').click();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'shelf.png', mimeType: 'image/png', buffer: PNG });
  await dialog.getByLabel('title').fill('The Atlas of Tides');
  await dialog.getByLabel(/Code behind/).fill('BOOKS10');
  await dialog.getByRole('button', { name: 'Send template' }).click();

  const bubble = ana.bubble('The Atlas of Tides');
  await expect(bubble).toContainText('Not delivered');
  await expect(bubble.getByRole('button', { name: 'Send again' })).toHaveCount(0);
  await expect(page.getByText('The customer wants no more marketing')).toBeVisible();
  await choose(page);
  await expect(option(page, 'new_arrivals')).toHaveAttribute('aria-disabled', 'true');
  await expect(option(page, 'follow_up')).not.toHaveAttribute('aria-disabled', 'true');
});
