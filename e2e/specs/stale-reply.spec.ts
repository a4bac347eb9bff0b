import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const GUARD = /new message/;

test('a reply waits when something new arrived that the agent could not see', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Stale Pedro');
  const pedro = customer(name);
  await pedro.writes('First question');
  await ana.open(name);
  await expect(ana.bubble('First question')).toBeVisible();
  await ana.composer.fill('The answer to the first');

  // The news reaches the server while this tab is cut off: the reply goes out knowing nothing of it.
  const colleague = new InboxPage(await agent('Chen'));
  await ana.page.context().setOffline(true);
  await pedro.writes('Wait, I meant something else');
  await colleague.open(name);
  await expect(colleague.bubble('Wait, I meant something else')).toBeVisible();
  await ana.composer.press('Enter');
  await ana.page.context().setOffline(false);

  await expect(ana.page.getByText(GUARD).first()).toBeVisible();
  await expect(ana.composer).toHaveValue('The answer to the first');
  await expect(ana.bubble('Wait, I meant something else')).toHaveCount(1);
  expect(await pedro.texts()).not.toContain('The answer to the first');

  await ana.page.getByRole('button', { name: 'Send anyway' }).click();
  await expect(ana.bubble('The answer to the first')).toHaveCount(1);
  await expect.poll(() => pedro.texts()).toContain('The answer to the first');
});
