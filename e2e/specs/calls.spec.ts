import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('a missed call stands in the list and the thread, live; one that was taken says how long they talked', async ({
  agent,
  customer,
  instance,
  page: phones,
}) => {
  const inbox = new InboxPage(await agent('Ana', { reducedMotion: 'reduce' }));
  const name = newName('Calling Cara');
  const cara = customer(name);
  await cara.writes('May I call you?');
  await inbox.open(name);
  await expect(inbox.bubble('May I call you?')).toBeVisible();

  await phones.goto(instance.simulatorUrl);
  const chip = phones.getByRole('button', { name, exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
  const phone = phones.getByRole('region', { name: `Phone of ${name}` });
  const calls = async (how: string): Promise<void> => {
    await phone.getByRole('button', { name: `Attach as ${name}` }).press('Enter');
    await phone.getByRole('button', { name: how, exact: true }).press('Enter');
  };
  await calls('Call, nobody picks up');
  await expect(inbox.log.getByText('Missed call', { exact: true })).toBeVisible();
  await expect(inbox.row(name)).toContainText('Missed call');
  expect(await violations(inbox.page)).toEqual([]);
  await inbox.page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(inbox.page)).toEqual([]);

  await calls('Call, picked up');
  await expect(inbox.log.getByText('Incoming call, 0:37', { exact: true })).toBeVisible();
  await expect(inbox.row(name)).toContainText('Incoming call, 0:37');

  await cara.writes('It was good to talk');
  await expect(inbox.row(name)).toContainText('It was good to talk');
});
