import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('a customer is written to first: a number, a template, and their answer comes into the same thread', async ({
  agent,
  customer,
}, info) => {
  const inbox = new InboxPage(await agent('Ana'));
  const { page } = inbox;
  const bea = customer(newName('Bea Begun'));
  await page.goto('/inbox/all');
  await page.getByRole('button', { name: 'Write to a customer first' }).click();
  const dialog = page.getByRole('dialog');
  const number = dialog.getByLabel('Phone number');
  await expect(number).toBeFocused();
  await number.fill(bea.phone);
  await dialog.getByRole('button', { name: 'Choose a template' }).click();
  await expect(dialog.getByText('Write the number with + and the country code.')).toBeVisible();
  await page.screenshot({ path: info.outputPath('number.png') });
  expect(await violations(page)).toEqual([]);
  await number.fill(`+${bea.phone}`);
  await page.keyboard.press('Enter');
  await dialog.getByRole('combobox').fill('follow_up');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('first name').fill('Bea');
  await dialog.getByRole('button', { name: 'Send template' }).click();

  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/inbox\/mine\/[0-9a-f-]{36}$/);
  await expect(inbox.bubble('Hello Bea, you wrote to us recently')).toContainText('Read');
  await expect(inbox.log).toContainText('You opened the conversation');
  await page.screenshot({ path: info.outputPath('begun.png') });
  expect((await bea.received()).map(({ body }) => body.type)).toEqual(['template']);
  await bea.writes('Yes, about the atlas');
  await expect(inbox.bubble('Yes, about the atlas')).toBeVisible();
});
