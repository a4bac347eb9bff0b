import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const LOST_RACE_MS = 3_000;

test('a customer writes, two agents see it live, one claims and replies, the ticks turn blue', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const chen = new InboxPage(await agent('Chen'));
  await expect(ana.connection).toHaveText('Live');
  await expect(chen.connection).toHaveText('Live');

  const name = newName('Maria Story');
  const maria = customer(name);
  await maria.writes('Is the harbour map still there?');
  for (const inbox of [ana, chen]) {
    await expect(inbox.row(name)).toBeVisible();
    await inbox.open(name);
    await expect(inbox.bubble('Is the harbour map still there?')).toHaveCount(1);
  }

  await ana.button(/^Claim/).click();
  await expect(ana.header).toContainText('Yours');
  await expect(ana.composer).toBeFocused();
  await expect(chen.page.getByRole('main').getByText('Ana Souza').first()).toBeVisible();
  await expect(chen.log.getByText(/Ana Souza claimed/)).toHaveCount(1);

  await ana.reply('It is, and it is yours until Friday.');
  const sent = ana.bubble('It is, and it is yours until Friday.');
  await expect(sent).toHaveCount(1);
  await expect(sent).toContainText('Read');
  await expect(chen.bubble('It is, and it is yours until Friday.')).toContainText('Read');
  expect(await maria.texts()).toContain('It is, and it is yours until Friday.');
  expect((await maria.texts()).filter((text) => text.startsWith('It is, and'))).toHaveLength(1);
});

test('of two who claim at once exactly one wins, and the other is told who', async ({ agent, customer }) => {
  const [first, second] = [new InboxPage(await agent('Chen')), new InboxPage(await agent('Dina'))];
  const name = newName('Race Customer');
  await customer(name).writes('Who takes me?');
  for (const inbox of [first, second]) {
    await inbox.open(name);
    await inbox.composer.fill('Half a');
  }
  // Whoever sees the other's claim before the click finds no button any more: that, too, is a race lost.
  const claim = (inbox: InboxPage) => inbox.button(/^Claim/).dispatchEvent('click', {}, { timeout: LOST_RACE_MS });
  const clicks = await Promise.allSettled([first, second].map(claim));
  expect(clicks.map(({ status }) => status)).toContain('fulfilled');

  const owned = (inbox: InboxPage) => inbox.header.getByText('Yours', { exact: true }).count();
  await expect.poll(async () => (await owned(first)) + (await owned(second))).toBe(1);
  const [loser, winnerName] = (await owned(first)) === 1 ? [second, 'Chen Wei'] : [first, 'Dina Haddad'];
  await expect(loser.header).toContainText(winnerName);
  await expect(loser.announcer).toContainText(winnerName);
  await expect(loser.page.getByRole('dialog')).toHaveCount(0);
  await expect(loser.composer).toHaveValue('Half a');
});

test('what the bot began an agent takes over with one key, and the bot is silent from then on', async ({
  agent,
  customer,
}) => {
  const ben = new InboxPage(await agent('Ben'));
  const name = newName('Bot Bea');
  const bea = customer(name);
  await bea.writes('hello');
  await ben.open(name);
  await expect(ben.log).toContainText('The bot');
  await ben.log.focus();
  await ben.page.keyboard.press('c');
  await expect(ben.header).toContainText('Yours');
  const answered = (await bea.received()).length;
  await bea.writes('hello');
  await ben.reply('A person here now');
  await expect(ben.bubble('A person here now')).toContainText('Read');
  expect(await bea.received()).toHaveLength(answered + 1);
});
