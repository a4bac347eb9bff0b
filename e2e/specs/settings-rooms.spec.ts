import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const ACCOUNT = '318840027715906';

const room = (page: Page): Locator => page.locator('#settings-page');
const check = (scope: Page | Locator, name: string): Locator => scope.locator(`[data-check=${name}]`);
const card = (page: Page, name: string): Locator => room(page).getByRole('region', { name, exact: true });

async function confirm(page: Page, act: string, phrase?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (phrase) await dialog.getByRole('textbox').fill(phrase);
  await dialog.getByRole('button', { name: act, exact: true }).click();
}

test('a number is checked before it is connected, shows what to paste at Meta, takes a new token only if it works, and goes', async ({
  agent,
  request,
  instance,
}) => {
  const id = `27411986${String(Date.now()).slice(-7)}`;
  const name = newName('Second Shop');
  const added = await request.post(`${instance.simulatorUrl}/control/numbers`, {
    data: { id, displayPhoneNumber: '12025550177', verifiedName: 'Second Shop' },
  });
  expect(added.ok()).toBe(true);
  const token = await request.get(`${instance.simulatorUrl}/control/token`);
  const { accessToken, appSecret } = (await token.json()) as { accessToken: string; appSecret: string };

  const ana = await agent('Ana', { permissions: ['clipboard-read', 'clipboard-write'] });
  await ana.goto('/settings/numbers/new');
  await ana.getByLabel('Phone number ID').fill('not digits');
  await ana.getByLabel('Phone number ID').blur();
  await expect(ana.getByText('Digits only, as Meta shows them.')).toBeVisible();
  await ana.getByLabel('Phone number ID').fill(id);
  await ana.getByLabel('WhatsApp business account ID').fill(ACCOUNT);
  await ana.getByLabel('Access token').fill('EAAG-nobody-knows-it');
  await ana.getByLabel('App secret').fill(appSecret);
  await ana.getByRole('button', { name: 'Ask WhatsApp' }).click();
  await expect(check(ana, 'token')).toContainText('WhatsApp does not know this access token.');
  await ana.getByLabel('Access token').fill(accessToken);
  await ana.getByRole('button', { name: /^Ask/ }).click();
  await expect(check(ana, 'token').getByRole('img', { name: 'All right' })).toBeVisible();
  await expect(check(ana, 'number').getByRole('img', { name: 'All right' })).toBeVisible();
  // The name that WhatsApp knows is offered; the team may know it by another.
  await expect(ana.getByLabel('Name in the console')).toHaveValue('Second Shop');
  await ana.getByLabel('Name in the console').fill(name);
  await ana.getByRole('button', { name: 'Connect the number', exact: true }).click();
  await expect(room(ana).getByRole('heading', { name })).toBeVisible();

  const callback = card(ana, 'Webhook').getByRole('textbox', { name: 'Callback URL' });
  await expect(callback).toHaveValue(/\/api\/webhooks\/whatsapp$/);
  await card(ana, 'Webhook').getByRole('button', { name: 'Copy: Callback URL' }).click();
  expect(await ana.evaluate(() => navigator.clipboard.readText())).toBe(await callback.inputValue());
  await card(ana, 'Webhook').getByRole('button', { name: 'Copy: Verify token' }).click();
  expect((await ana.evaluate(() => navigator.clipboard.readText())).length).toBeGreaterThan(8);

  const rotation = card(ana, 'New token or app secret');
  await rotation.getByLabel('New access token').fill('EAAG-mistyped');
  await rotation.getByRole('button', { name: 'Check and replace' }).click();
  await expect(rotation.getByText('WhatsApp refused it. The present one stays.')).toBeVisible();
  await expect(check(rotation, 'token')).toContainText('WhatsApp does not know this access token.');
  await rotation.getByLabel('New access token').fill(accessToken);
  await rotation.getByRole('button', { name: 'Check and replace' }).click();
  await expect(ana.getByText('Replaced.', { exact: true }).first()).toBeVisible();
  await expect(rotation.getByLabel('New access token')).toHaveValue('');

  await ana.goto('/settings/numbers');
  const row = room(ana).getByRole('listitem').filter({ hasText: name });
  await expect(row).toContainText('Connected');
  await row.getByRole('link').click();
  await ana.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await confirm(ana, 'Disconnect', name);
  await ana.goto('/settings/numbers');
  await expect(room(ana).getByRole('listitem').filter({ hasText: name })).toContainText('Disconnected');
});

test('a ready-made reply is written, changed, kept to a team, and removed', async ({ agent, customer }) => {
  test.slow(); // four people sign in or load the inbox anew
  const tag = crypto.randomUUID().slice(0, 6);
  const [shortcut, title, team] = [`rooms${tag}`, `Opening hours ${tag}`, newName('Hours team')];
  const ben = await agent('Ben');
  await ben.goto('/settings/canned/new');
  await ben.getByLabel('Shortcut').fill('two words');
  await ben.getByLabel('Shortcut').blur();
  await expect(ben.getByText(/^One word of letters/)).toBeVisible();
  await ben.getByLabel('Shortcut').fill(shortcut);
  await ben.getByLabel('Title').fill(title);
  await ben.getByLabel('Reply', { exact: true }).fill('We open at nine.');
  await ben.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(room(ben).getByRole('heading', { name: title })).toBeVisible();

  await ben.getByLabel('Reply', { exact: true }).fill('We open at ten.');
  await ben.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ben.getByRole('region', { name: /not saved/i })).toHaveCount(0);
  await ben.goto('/settings/canned');
  const row = room(ben).getByRole('listitem').filter({ hasText: title });
  await expect(row).toContainText('We open at ten.');

  // An agent is offered it, until it is a team's that the agent is not of.
  const name = newName('Hours Hugo');
  await customer(name).writes('When do you open?');
  const offered = async (who: string): Promise<Locator> => {
    const page = await agent(who);
    const inbox = new InboxPage(page);
    await inbox.open(name);
    await inbox.composer.fill(`/${shortcut}`);
    return page.locator('#thread').getByRole('option').filter({ hasText: title });
  };
  await expect(await offered('Chen')).toBeVisible();
  const ana = await agent('Ana');
  await ana.goto('/settings/teams/new');
  await ana.getByLabel('Name', { exact: true }).fill(team);
  await ana.getByRole('checkbox', { name: /Dina/ }).check();
  await ana.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(room(ana).getByRole('heading', { name: team })).toBeVisible();

  await ben.goto('/settings/canned');
  await row.getByRole('link').click();
  await ben.getByLabel('Offered to').selectOption({ label: team });
  await ben.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ben.getByRole('region', { name: /not saved/i })).toHaveCount(0);
  await expect(await offered('Dina')).toBeVisible();
  await expect(await offered('Chen')).toHaveCount(0);

  await ben.getByRole('button', { name: 'Remove', exact: true }).click();
  await confirm(ben, 'Remove');
  await expect(room(ben).getByRole('heading', { name: 'Ready-made replies' })).toBeVisible();
  await expect(row).toHaveCount(0);
});
