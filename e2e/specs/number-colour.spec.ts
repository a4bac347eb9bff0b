import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';
import { admin } from '../pages/template-making.page.ts';

test('a number is told from the others by its colour, beside each of its conversations', async ({
  agent,
  customer,
}, info) => {
  const settings = await agent(admin());
  await settings.goto('/settings/numbers');
  await settings.locator('#settings-page').getByRole('listitem').getByRole('link').first().click();
  const name = await settings.locator('#settings-page h2').innerText();
  const choose = async (colour: string) => {
    await settings.getByLabel('Colour in the list').selectOption(colour);
    await settings.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(settings.getByRole('button', { name: 'Save', exact: true })).toHaveCount(0);
  };
  await choose('Amber');
  const inbox = new InboxPage(await agent('Ana'));
  const cara = customer(newName('Cara Colour'));
  await cara.writes('Which of you is this?');
  await expect(inbox.row(cara.name).getByRole('img', { name, exact: true })).toBeVisible();
  await inbox.page.screenshot({ path: info.outputPath('list.png') });
  expect(await violations(inbox.page)).toEqual([]);
  await choose('None');
});
