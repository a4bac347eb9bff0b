import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { BoardPage } from '../pages/board.page.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const WIDE = { viewport: { width: 1_700, height: 900 } };

/** Marks a page; the mark is gone once anything has loaded it anew. */
const mark = (page: Page) => page.evaluate(() => Reflect.set(globalThis, 'theSamePage', true));
const isMarked = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'theSamePage') === true);

test('three browsers and a phone play a shift, and none of them ever reloads', async ({
  agent,
  browser,
  customer,
  instance,
}) => {
  test.slow();
  const supervisor = instance.signIns.find(({ role }) => role === 'supervisor')?.name ?? '';
  const board = new BoardPage(await agent(supervisor, WIDE));
  const chen = new InboxPage(await agent('Chen'));
  const dina = new InboxPage(await agent('Dina'));
  const phones = await (await browser.newContext()).newPage();
  await phones.goto(instance.simulatorUrl);
  const phone = phones.getByRole('region', { name: 'Phone of Rafael Nunes' });
  const chip = phones.getByRole('button', { name: 'Rafael Nunes', exact: true });
  if ((await chip.getAttribute('aria-pressed')) === 'false') await chip.click();
  const pages = [board.page, chen.page, dina.page, phones];
  for (const page of pages) await mark(page);
  const words = (text: string) => `${text} ${crypto.randomUUID().slice(0, 4)}`;

  // Morning: a customer writes from the phone; everybody sees it, Chen takes it.
  await board.show();
  const question = words('Is the blue atlas back?');
  await phone.getByLabel('Write as Rafael Nunes').fill(question);
  await phones.keyboard.press('Enter');
  await dina.openView(/^All/);
  await chen.openView(/^All/);
  for (const inbox of [chen, dina]) {
    await inbox.open('Rafael Nunes');
    await expect(inbox.bubble(question)).toHaveCount(1);
  }
  const claim = chen.button(/^(Claim|Take over)/);
  await claim.click();
  await expect(chen.header).toContainText('Yours');
  await expect(dina.header).toContainText('Chen Wei');
  await expect(board.card('Rafael Nunes', board.column('Chen Wei'))).toBeVisible();
  const answer = words('It came this morning.');
  await chen.reply(answer);
  await expect(chen.bubble(answer)).toContainText(/Delivered|Read/);
  await expect(phone.locator('.bubble').filter({ hasText: answer })).toBeVisible();
  await expect(dina.bubble(answer)).toHaveCount(1);

  // Others come in meanwhile; the supervisor gives one to Dina.
  const waiting = newName('Noon Nora');
  const nora = customer(waiting);
  await nora.writes('Can I return a map?');
  // By the end of a day of tests the queue is long, and who waits shortest stands last.
  await expect(async () => {
    await board.showAll('Queue');
    await expect(board.card(waiting, board.column('Queue'))).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await board.moveByKey(waiting, 'Dina Haddad');
  await expect(board.card(waiting, board.column('Dina Haddad'))).toBeVisible();
  await dina.openView(/^Mine/);
  await dina.open(waiting);
  await expect(dina.header).toContainText('Yours');

  // Dina asks Chen by a note, answers, and her network goes and comes.
  await dina.log.focus();
  await dina.page.keyboard.press('n');
  await dina.page.getByRole('textbox', { name: /^Write a note/ }).fill('Chen, do we take maps back?');
  await dina.page.keyboard.press('Enter');
  await expect(dina.bubble('do we take maps back?')).toContainText('Only your team sees this');
  await dina.page.getByRole('button', { name: 'Reply', exact: true }).first().click();
  await dina.page.context().setOffline(true);
  await dina.reply('Of course, within thirty days.');
  await nora.writes('It is still folded.');
  await dina.page.context().setOffline(false);
  await expect(dina.bubble('It is still folded.')).toHaveCount(1);
  const held = dina.page.getByRole('button', { name: 'Send anyway' });
  await held
    .or(dina.bubble('Of course, within thirty days.').filter({ hasText: /Delivered|Read/ }))
    .first()
    .waitFor();
  if (await held.isVisible()) await held.click();
  await expect(dina.bubble('Of course, within thirty days.')).toContainText(/Delivered|Read/);
  await expect.poll(async () => (await nora.texts()).filter((text) => text.startsWith('Of course'))).toHaveLength(1);

  // Evening: both are done; one customer comes back and finds the same people.
  await dina
    .button(/^Resolve/)
    .first()
    .click();
  await expect(board.card(waiting, board.column('Dina Haddad'))).toHaveCount(0);
  await chen
    .button(/^Resolve/)
    .first()
    .click();
  await expect(board.card('Rafael Nunes', board.column('Chen Wei'))).toHaveCount(0);
  await nora.writes('One more thing');
  await expect(board.card(waiting, board.column('Dina Haddad'))).toBeVisible();

  for (const page of pages) expect(await isMarked(page)).toBe(true);
  await phones.context().close();
});
