import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const HOUR_S = 3_600;

test('a customer is blocked from the row’s menu, everybody sees it, and is let in again', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  test.slow(); // two people sign in
  const name = newName('Spam Sam');
  const sam = customer(name);
  await sam.writes('Buy my followers');
  const ana = new InboxPage(await agent('Ana'));
  const ben = new InboxPage(await agent('Ben'));
  for (const inbox of [ana, ben]) {
    await inbox.page.goto('/inbox/all');
    await inbox.open(name);
    await expect(inbox.bubble('Buy my followers')).toBeVisible();
  }

  await ana.row(name).click({ button: 'right' });
  await ana.page.getByRole('menuitem', { name: 'Block' }).press('Enter');
  const dialog = ana.page.getByRole('dialog');
  await expect(dialog).toContainText(`Block ${name}?`);
  expect(await violations(ana.page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();

  await expect(ana.header).toContainText('Blocked');
  await expect(ana.log.getByText('You blocked the customer')).toBeVisible();
  await expect(ana.page.getByTestId('composer-blocked')).toContainText(`${name} is blocked`);
  await expect(ana.composer).toHaveCount(0);
  await expect(ben.header).toContainText('Blocked');
  await expect(ben.log.getByText(/blocked the customer/)).toBeVisible();
  expect(await violations(ana.page)).toEqual([]);

  // What they write now reaches nobody.
  const unheard = await request.post(`${instance.simulatorUrl}/control/inbound?wait=false`, {
    data: { messages: [{ from: sam.phone, type: 'text', text: { body: 'Nobody hears this' } }] },
  });
  expect(((await unheard.json()) as { wamids: string[] }).wamids).toEqual([]);

  await ben.page.getByTestId('composer-blocked').getByRole('button', { name: 'Unblock' }).click();
  await expect(ben.composer).toBeVisible();
  await expect(ana.composer).toBeVisible();
  await expect(ana.log.getByText(/unblocked the customer/)).toBeVisible();
  await sam.writes('Sorry about that');
  await expect(ana.bubble('Sorry about that')).toBeVisible();
});

test('only who wrote within a day can be blocked, and the panel says so', async ({ agent, customer }) => {
  const name = newName('Late Lou');
  const timestamp = String(Math.floor(Date.now() / 1_000) - 25 * HOUR_S);
  await customer(name).delivers({ timestamp, type: 'text', text: { body: 'Yesterday’s nonsense' } });
  const page = await agent('Ana');
  await page.goto('/inbox/all');
  const inbox = new InboxPage(page);
  await inbox.open(name);
  const show = page.getByRole('button', { name: 'Show the details' });
  if (await show.isVisible()) await show.click();
  await expect(page.getByText('WhatsApp lets you block somebody within 24 hours')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Block', exact: true })).toBeDisabled();
});
