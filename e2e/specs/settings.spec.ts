import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** What stands in the settings' room of the page. */
const room = (page: Page): Locator => page.locator('#settings-page');
const save = (page: Page): Promise<void> => page.getByRole('button', { name: 'Save', exact: true }).click();

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.locator('input[autocomplete="username"]').fill(email);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.locator('button[type="submit"]').click();
}

/** The password in the dialog that shows it once, which is closed. */
async function secretOf(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog', { name: /^Password for/ });
  const password = await dialog.getByRole('textbox').inputValue();
  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await expect(dialog).toHaveCount(0);
  return password;
}

/** Makes an agent whom no other test knows: ending their sessions disturbs nobody. */
async function hire(admin: Page, name: string): Promise<{ email: string; password: string }> {
  const email = `${crypto.randomUUID()}@demo.parley`;
  await admin.goto('/settings/agents/new');
  await admin.getByLabel('Name', { exact: true }).fill(name);
  await admin.getByLabel('E-mail').fill(email);
  await admin.getByRole('button', { name: 'Add and make a password' }).click();
  return { email, password: await secretOf(admin) };
}

async function confirm(page: Page, act: string, phrase?: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (phrase) await dialog.getByRole('textbox').fill(phrase);
  await dialog.getByRole('button', { name: act, exact: true }).click();
}

test('an agent is made, changes role, gets a new password and is deactivated; each ends what it must', async ({
  agent,
  browser,
  baseURL,
}) => {
  test.slow(); // seven sign-ins, each with a password hash made to be slow
  const ana = await agent('Ana');
  const name = newName('Nadia');
  const { email, password: first } = await hire(ana, name);
  await expect(room(ana).getByRole('heading', { name })).toBeVisible();

  const context = await browser.newContext(baseURL ? { baseURL } : {});
  const nadia = await context.newPage();
  await signIn(nadia, email, first);
  await nadia.waitForURL(/\/inbox\//);

  // Another role: signed out at once, and back with what a supervisor sees.
  await ana.getByLabel('Role').selectOption('supervisor');
  await save(ana);
  await nadia.waitForURL(/\/sign-in/);
  await signIn(nadia, email, first);
  await nadia.waitForURL(/\/inbox\//);
  await nadia.goto('/settings/ledger');
  await expect(room(nadia).getByRole('group', { name: 'Show' })).toBeVisible();

  // A new password: the old one no longer works.
  await ana.getByRole('button', { name: 'New password' }).click();
  await confirm(ana, 'New password');
  const second = await secretOf(ana);
  await nadia.waitForURL(/\/sign-in/);
  await signIn(nadia, email, first);
  await expect(nadia.getByText('E-mail or password is wrong.')).toBeVisible();
  await signIn(nadia, email, second);
  await nadia.waitForURL(/\/inbox\//);

  // Deactivated: out, and not in again.
  await ana.getByRole('button', { name: 'Deactivate' }).click();
  await confirm(ana, 'Deactivate', name);
  await nadia.waitForURL(/\/sign-in/);
  await signIn(nadia, email, second);
  await expect(nadia.getByRole('alert')).toBeVisible();
  await ana.goto('/settings/agents');
  await expect(room(ana).getByRole('listitem').filter({ hasText: name })).toContainText('Deactivated');
  await context.close();
});

test('a session is ended from another browser', async ({ agent, browser, baseURL }) => {
  const { email, password } = await hire(await agent('Ana'), newName('Omar'));
  const contexts = await Promise.all([1, 2].map(() => browser.newContext(baseURL ? { baseURL } : {})));
  const [here, there] = await Promise.all(contexts.map((context) => context.newPage()));
  if (!here || !there) throw new Error('two pages were asked for');
  for (const page of [here, there]) {
    await signIn(page, email, password);
    await page.waitForURL(/\/inbox\//);
  }
  await here.goto('/settings/sessions');
  await room(here).getByRole('button', { name: 'End all others' }).click();
  await there.waitForURL(/\/sign-in/);
  await expect(room(here).getByRole('listitem')).toHaveCount(1);
  await expect(room(here).getByText('This one')).toBeVisible();
  await Promise.all(contexts.map((context) => context.close()));
});

test('a team is made of people, and is there after a reload', async ({ agent }) => {
  const ana = await agent('Ana');
  const name = newName('Night shift');
  await ana.goto('/settings/teams/new');
  await ana.getByLabel('Name', { exact: true }).fill(name);
  await ana.getByRole('checkbox', { name: /Chen/ }).check();
  await save(ana);
  await expect(room(ana).getByRole('heading', { name })).toBeVisible();
  await ana.goto('/settings/teams');
  await expect(room(ana).getByRole('listitem').filter({ hasText: name })).toContainText('one member');
});

test('the bench says which rule answers and why the others do not', async ({ agent }) => {
  const ana = await agent('Ana');
  await ana.goto('/settings/bot');
  const rules = ana.locator('[data-rule]');
  await expect(rules.first()).toBeVisible();
  const second = rules.nth(1);
  const keyword = (await second.locator('span.block.truncate').textContent())?.split(' · ')[0] ?? '';
  expect(keyword).not.toBe('');
  await ana.getByLabel('A customer writes').fill(`xx ${keyword} xx`);
  const name = (await second.getAttribute('data-rule')) ?? '';
  const matched = ana.locator('[data-outcome="matched"]');
  await expect(matched).toHaveCount(1);
  await expect(matched).toContainText(name);
  await expect(matched).toContainText(/Fits: “.+”/);
  await expect(ana.locator('[data-outcome]').first()).toContainText('None of its keywords is there.');
  await expect(ana.locator('[data-outcome]')).toHaveCount(await rules.count());
  await ana.getByLabel('A customer writes').fill('qqqqq zzzzz');
  await expect(ana.getByText('No rule fits: the bot says its text for that case.')).toBeVisible();
  await expect(matched).toHaveCount(0);
});

test('the ledger shows a post by its outcome, byte by byte, and works through it once more without doubling it', async ({
  agent,
  customer,
}) => {
  const ana = await agent('Ana');
  const name = newName('Ledger Lin');
  await customer(name).writes('Posted once');
  const inbox = new InboxPage(ana);
  await inbox.open(name);
  await expect(inbox.bubble('Posted once')).toBeVisible();

  await ana.goto('/settings/ledger');
  const outcomes = room(ana).getByRole('group', { name: 'Show' });
  await outcomes.getByRole('button', { name: /^Applied/ }).click();
  await expect(outcomes.getByRole('button', { name: /^Applied/ })).toHaveAttribute('aria-pressed', 'true');
  await room(ana).locator('[data-delivery]').filter({ hasText: 'message' }).first().getByRole('link').click();
  const body = room(ana).getByRole('group', { name: 'Body' });
  await expect(body).toContainText('"whatsapp_business_account"');
  await room(ana).getByText('Bytes', { exact: true }).click();
  await expect(body).toContainText('00000000');
  await ana.getByRole('button', { name: 'Replay' }).click();
  await confirm(ana, 'Replay');
  await expect(ana.getByText('The delivery goes through again.', { exact: true })).toBeVisible();

  await ana.goto('/inbox/all');
  await inbox.open(name);
  await expect(inbox.bubble('Posted once')).toHaveCount(1);
});

test('the workspace keeps after how many minutes an absent owner lets go', async ({ agent }) => {
  const ana = await agent('Ana');
  await ana.goto('/settings/workspace');
  const minutes = ana.getByLabel(/^Minutes until an absent owner/);
  await minutes.fill('0');
  await minutes.blur();
  await expect(ana.getByText(/Whole minutes from 1 to/)).toBeVisible();
  // Long enough that no other test's conversation is given back.
  await minutes.fill('1440');
  await save(ana);
  await expect(ana.getByText('Saved', { exact: false }).first()).toBeVisible();
  await ana.reload();
  await expect(minutes).toHaveValue('1440');
  await minutes.fill('');
  await save(ana);
  await expect(ana.getByRole('region', { name: /not saved/i })).toHaveCount(0);
  await ana.reload();
  await expect(minutes).toHaveValue('');
});

test('how much one agent can look after is what the board measures by', async ({ agent }) => {
  const ana = await agent('Ana', { viewport: { width: 1_700, height: 900 } });
  await ana.goto('/settings/workspace');
  const capacity = ana.getByLabel(/^Open threads that one agent/);
  await expect(capacity).toHaveValue('10');
  await capacity.fill('0');
  await capacity.blur();
  await expect(ana.getByText(/Whole numbers from 1 to/)).toBeVisible();
  await capacity.fill('7');
  await save(ana);
  await expect(ana.getByText('Saved', { exact: false }).first()).toBeVisible();
  await ana.goto('/board');
  await expect(ana.locator('[data-load]').filter({ hasText: '/7' }).first()).toBeVisible();
  await ana.goto('/settings/workspace');
  await capacity.fill('10');
  await save(ana);
  await expect(ana.getByText('Saved', { exact: false }).first()).toBeVisible();
});

test('a tag is renamed, joined with another and removed, and the conversations follow while they are looked at', async ({
  agent,
  customer,
  instance,
}) => {
  const chen = new InboxPage(await agent('Chen'));
  const page = await agent(instance.signIns.find(({ role }) => role === 'supervisor')?.name ?? '');
  const suffix = crypto.randomUUID().slice(0, 4);
  const [first, second] = [`late ${suffix}`, `delayed ${suffix}`];
  const name = newName('Tag Tamar');
  await customer(name).writes('Where is it?');
  await chen.open(name);
  await chen.log.focus();
  await chen.page.keyboard.press('t');
  await chen.page.getByRole('dialog').getByRole('combobox').fill(first);
  await chen.page.keyboard.press('Enter');
  await chen.page.keyboard.press('Control+Enter');
  await expect(chen.row(name)).toContainText(first.slice(0, 6));

  await page.goto('/settings/tags/new');
  await room(page).getByLabel('Name').fill(second);
  await save(page);
  await page.goto('/settings/tags');
  await room(page).getByRole('link', { name: first }).click();
  await expect(room(page).getByText('one conversation', { exact: true })).toBeVisible();
  await room(page).getByLabel('Name').fill(second);
  await expect(room(page).getByText('the two become one')).toBeVisible();
  await save(page);
  await confirm(page, 'Join the tags');
  await expect(chen.row(name)).toContainText(second.slice(0, 6));
  await expect(chen.row(name)).not.toContainText(first.slice(0, 6));

  await room(page).getByRole('link', { name: second }).click();
  await room(page).getByRole('button', { name: 'Remove the tag' }).click();
  await confirm(page, 'Remove the tag');
  await expect(chen.row(name)).not.toContainText(second.slice(0, 6));
  await expect(room(page).getByRole('link', { name: second })).toHaveCount(0);
});

test('a reply leaves at once, until its writer wants time to take it back', async ({ agent, customer }) => {
  const page = await agent('Ana');
  const inbox = new InboxPage(page);
  const name = newName('Hasty Hanna');
  const hanna = customer(name);
  await hanna.writes('Are you open?');
  await inbox.open(name);
  await inbox.reply('Until six');
  await expect.poll(() => hanna.texts()).toContain('Until six');

  await page.goto('/settings/profile');
  const saved = () =>
    page.waitForResponse((one) => one.url().endsWith('/preferences') && one.request().method() === 'PATCH');
  const [kept] = await Promise.all([saved(), page.getByText('10 seconds', { exact: true }).click()]);
  expect(kept.ok()).toBe(true);
  const elsewhere = await agent('Ana');
  await elsewhere.goto('/settings/profile');
  await expect(elsewhere.getByRole('radio', { name: '10 seconds' })).toBeChecked();
  await page.goto('/inbox/all');
  await inbox.open(name);
  await inbox.reply('Until seven');
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect(inbox.composer).toHaveValue('Until seven');
  expect(await hanna.texts()).not.toContain('Until seven');

  // The choice is kept for the agent, whom other tests borrow.
  await page.goto('/settings/profile');
  await Promise.all([saved(), page.getByText('None: it leaves at once', { exact: true }).click()]);
});
