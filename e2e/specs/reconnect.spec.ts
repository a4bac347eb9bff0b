import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const MISSED = 20;

test('what came while the network was away is all there afterwards, each once, without a reload', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Offline Nina');
  const nina = customer(name);
  await nina.writes('before');
  await ana.open(name);
  await expect(ana.bubble('before')).toBeVisible();
  await ana.page.evaluate(() => {
    window.name = 'never reloaded';
  });

  await ana.page.context().setOffline(true);
  await expect(ana.connection).toContainText('Offline', { timeout: 60_000 });
  for (let n = 1; n <= MISSED; n++) await nina.writes(`missed ${String(n).padStart(2, '0')}.`);
  await ana.reply('written while offline, one');
  await ana.reply('written while offline, two');
  await expect(ana.bubble('written while offline, two')).toBeVisible();

  await ana.page.context().setOffline(false);
  await expect(ana.connection).toHaveText('Live', { timeout: 20_000 });
  await expect(ana.log).toContainText(`missed ${String(MISSED)}.`);
  expect(await ana.page.evaluate(() => window.name)).toBe('never reloaded');

  // The server holds the two replies back, for the agent had not seen what came: looked at, they go out.
  const guard = ana.page.getByRole('button', { name: 'Send anyway' });
  await expect(guard).toBeVisible();
  await expect(ana.composer).toHaveValue('written while offline, one\nwritten while offline, two');
  await guard.click();
  await expect.poll(async () => (await nina.texts()).filter((text) => text.includes('offline'))).toHaveLength(1);

  const shown = await texts(ana);
  for (let n = 1; n <= MISSED; n++) {
    expect(shown.filter((text) => text.includes(`missed ${String(n).padStart(2, '0')}.`))).toHaveLength(1);
  }
});

test('replies written offline to a quiet thread go out by themselves, in order and once', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Offline Omar');
  const omar = customer(name);
  await omar.writes('hello');
  await ana.open(name);
  const places = () => Promise.all([ana.header.boundingBox(), ana.log.boundingBox(), ana.composer.boundingBox()]);
  const before = await places();
  await ana.page.context().setOffline(true);
  await expect(ana.connection).toContainText('Offline', { timeout: 60_000 });
  await expect(ana.page.getByRole('status').filter({ hasText: 'No connection since' })).toBeVisible();
  expect(await places()).toEqual(before);
  for (const word of ['one', 'two', 'three']) await ana.reply(`reply ${word}`);
  await ana.page.context().setOffline(false);
  await expect(ana.connection).toHaveText('Live', { timeout: 20_000 });
  await expect.poll(() => omar.texts(), { timeout: 20_000 }).toEqual(['reply one', 'reply two', 'reply three']);
  await expect(ana.bubble('reply three')).toContainText('Read', { timeout: 20_000 });
  for (const word of ['one', 'two', 'three']) await expect(ana.bubble(`reply ${word}`)).toHaveCount(1);
});

/** Every bubble of the thread: only those near the screen exist, so it is read from the end to the beginning. */
async function texts(inbox: InboxPage): Promise<string[]> {
  const seen = new Map<string, string>();
  await inbox.log.focus();
  for (let step = 0; step < 60; step++) {
    const rows = await inbox.log
      .getByRole('article')
      .evaluateAll((bubbles) =>
        bubbles.map(
          (bubble) => [bubble.closest('[data-index]')?.getAttribute('data-index'), bubble.textContent] as const,
        ),
      );
    for (const [index, text] of rows) seen.set(index ?? text, text);
    const isTop = await inbox.log.evaluate((element) => {
      const before = element.scrollTop;
      element.scrollTop -= 300;
      return before === 0;
    });
    if (isTop) break;
  }
  return [...seen.values()];
}

test('a room without a list is live too, and follows when it was opened first', async ({ agent, customer }) => {
  const page = await agent('Ana');
  await page.goto('/settings/profile');
  const inbox = new InboxPage(page);
  await expect(inbox.connection).toHaveText(/Live/);
  // What comes now is seen in the list that is opened later, without a reload.
  const name = newName('Latecomer');
  await customer(name).writes('Anybody there?');
  await page.locator('a[href^="/inbox"]').first().click();
  await expect(inbox.row(name)).toBeVisible();
});
