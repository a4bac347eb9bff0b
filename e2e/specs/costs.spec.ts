import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const TODAY = new Date().toISOString().slice(0, 10);

/** The API as the page's agent: the session's own token is in no storage, so it is asked for anew. */
async function apiOf(page: Page) {
  const refreshed = await page.request.post('/api/auth/refresh', { headers: { 'x-requested-with': 'parley' } });
  const { accessToken } = (await refreshed.json()) as { accessToken: string };
  const headers = { authorization: `Bearer ${accessToken}` };
  return {
    get: async <Body>(path: string) => (await (await page.request.get(`/api${path}`, { headers })).json()) as Body,
    post: (path: string, data: unknown) => page.request.post(`/api${path}`, { headers, data }),
    put: (path: string, data: unknown) => page.request.put(`/api${path}`, { headers, data }),
    remove: (path: string) => page.request.delete(`/api${path}`, { headers }),
  };
}

interface Card {
  items: { id: string; prefix: string }[];
  billing: { timeZone: string; terms: object[] };
}

test('a rate card is pasted, prices a template before it is sent, and the month knows what it cost', async ({
  agent,
  customer,
  instance,
}, info) => {
  test.slow(); // a table, a message, a report
  const admin = instance.signIns.find(({ role }) => role === 'admin')?.name ?? '';
  const page = await agent(admin);
  const name = newName('Petra Priced');
  const petra = customer(name);
  // Seven digits, which hardly anybody else has.
  const prefix = petra.phone.slice(0, 7);
  await petra.writes('What do you charge?');

  await page.goto('/settings/rates/import');
  const table = page.getByLabel('Rates', { exact: true });
  const lines = (amount: string) =>
    `prefix,category,effective_from,currency,amount\n${prefix},utility,2026-02-30,USD,${amount}\n${prefix},marketing,${TODAY},USD,0.0625`;
  await table.fill(lines('0,0123'));
  const faults = page.getByTestId('rate-faults');
  await expect(faults).toContainText('The columns are not these');
  await table.fill(lines('free'));
  await expect(faults.getByRole('listitem')).toHaveCount(2);
  await expect(faults).toContainText('Give a day of the calendar');
  await expect(faults).toContainText('Give a number with a point');
  await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await page.screenshot({ path: info.outputPath('faults.png') });
  expect(await violations(page)).toEqual([]);
  await table.fill(lines('0.0123').replace('2026-02-30', TODAY));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByLabel('Search rates').fill(prefix);
  const rates = page.locator('#settings-page a[href^="/settings/rates/"]').filter({ hasText: prefix });
  await expect(rates).toHaveCount(2);
  await page.screenshot({ path: info.outputPath('rates.png') });

  const api = await apiOf(page);
  const { items, billing } = await api.get<Card>('/rates');
  try {
    // One rate is changed by hand.
    await rates.filter({ hasText: 'Marketing' }).click();
    await page.getByLabel('Amount for one message').fill('0,07');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Give a number with a point')).toBeVisible();
    await page.getByLabel('Amount for one message').fill('0.07');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByLabel('Search rates').fill(prefix);
    await expect(rates.filter({ hasText: 'Marketing' })).toContainText('$0.07');

    await page.goto('/inbox/all');
    const inbox = new InboxPage(page);
    await inbox.open(name);
    await expect(page.getByRole('log').getByRole('article').last()).toBeVisible();
    await page.getByRole('log').focus();
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog');
    const priceOf = (template: string) =>
      dialog
        .getByRole('option', { name: new RegExp(template) })
        .first()
        .getByTestId('template-price');
    await expect(priceOf('hello_world')).toHaveText('About $0.0123');
    await page.screenshot({ path: info.outputPath('prices.png') });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('combobox').fill('hello');
    await page.keyboard.press('Enter');
    await expect(dialog.getByTestId('template-price')).toHaveText('About $0.0123');
    await dialog.getByRole('button', { name: 'Send template' }).press('Enter');
    await expect(inbox.bubble('Welcome and congratulations')).toContainText('Read');

    // Another system of the business says what it writes for.
    const campaign = newName('Autumn sale');
    const [, id = ''] = /([0-9a-f-]{36})$/.exec(new URL(page.url()).pathname) ?? [];
    const written = await api.post(`/conversations/${id}/messages`, {
      clientMessageId: crypto.randomUUID(),
      type: 'text',
      text: { body: 'Ten per cent off' },
      campaign,
    });
    expect([written.status(), ((await written.json()) as { campaign: string }).campaign]).toEqual([201, campaign]);
    await expect(inbox.bubble('Ten per cent off')).toContainText('Read');

    await page.goto('/settings/costs');
    await page.getByLabel('Break down by').selectOption({ label: 'Campaign' });
    const groups = page.locator('#settings-page').getByRole('listitem');
    await expect(groups.filter({ hasText: campaign })).toContainText('1 message');
    await expect(groups.filter({ hasText: 'No campaign' })).toContainText('message');
    await page.screenshot({ path: info.outputPath('campaigns.png') });
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Break down by').selectOption('conversation');
    const row = page.locator('#settings-page').getByRole('listitem').filter({ hasText: name });
    await expect(row).toContainText('$0.0123');
    await expect(page.getByTestId('cost-total')).toContainText('$');
    await page.screenshot({ path: info.outputPath('costs.png') });
    expect(await violations(page)).toEqual([]);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).click();
    // The bot may have greeted: that is a message too.
    const file = await readFile(await (await downloading).path(), 'utf8');
    expect(file.split('\r\n').find((line) => line.includes(name))).toMatch(/,\d+,1,\d+,0,0\.0123$/);

    // Where WhatsApp makes utility templates free in the window, that is said instead.
    await api.put('/rates/billing', {
      ...billing,
      terms: [{ effectiveFrom: '2020-01-01', serviceAllowance: null, utilityFreeInWindow: true }],
    });
    await page.goto('/inbox/all');
    await inbox.open(name);
    await expect(page.getByRole('log').getByRole('article').last()).toBeVisible();
    await page.getByRole('log').focus();
    await page.keyboard.press('p');
    await expect(priceOf('hello_world')).toHaveText('Free now');
  } finally {
    await api.put('/rates/billing', billing);
    for (const { id } of items.filter((one) => one.prefix === prefix)) await api.remove(`/rates/${id}`);
  }
});

test('while a reply is written it says what it costs beyond the month’s free ones, and a note does not', async ({
  agent,
  customer,
  instance,
}, info) => {
  const admin = instance.signIns.find(({ role }) => role === 'admin')?.name ?? '';
  const inbox = new InboxPage(await agent(admin));
  const { page } = inbox;
  const name = newName('Bea Beyond');
  const bea = customer(name);
  const prefix = bea.phone.slice(0, 7);
  await bea.writes('Anybody?');
  const api = await apiOf(page);
  const { billing } = await api.get<Card>('/rates');
  const allow = (serviceAllowance: number) =>
    api.put('/rates/billing', {
      ...billing,
      terms: [{ effectiveFrom: '2020-01-01', serviceAllowance, utilityFreeInWindow: true }],
    });
  try {
    await api.post('/rates/import', {
      csv: `prefix,category,effective_from,currency,amount\n${prefix},service,${TODAY},USD,0.0049`,
    });
    await allow(0);
    await page.goto('/inbox/all');
    await inbox.open(name);
    await inbox.composer.fill('Here');
    const words = page.getByRole('status').filter({ hasText: 'Beyond this month’s free replies: about $0.0049' });
    await expect(words).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('beyond.png') });
    await page.setViewportSize({ width: 390, height: 780 });
    await expect(words).toBeVisible();
    await page.screenshot({ path: info.outputPath('beyond-phone.png') });
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(words).toHaveCount(0);
    await allow(1_000_000);
    const other = newName('Fay Free');
    await customer(other).writes('And me?');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.reload();
    await inbox.open(other);
    const asked = page.waitForResponse(/service-price/);
    await inbox.composer.fill('Here');
    expect(((await (await asked).json()) as { standing: string }).standing).toBe('plenty');
    await expect(page.getByText('free replies')).toHaveCount(0);
  } finally {
    await api.put('/rates/billing', billing);
    const { items } = await api.get<Card>('/rates');
    for (const { id } of items.filter((one) => one.prefix === prefix)) await api.remove(`/rates/${id}`);
  }
});

test('costs are for supervisors and admins, the rate card for admins; an agent sees neither', async ({
  agent,
  instance,
}) => {
  const nav = (page: Page, to: string) => page.locator(`#settings-list a[href="/settings/${to}"]`);
  for (const [role, costs, rates] of [
    ['agent', 0, 0],
    ['supervisor', 1, 0],
    ['admin', 1, 1],
  ] as const) {
    const who = instance.signIns.find((one) => one.role === role)?.name ?? '';
    const page = await agent(who);
    await page.goto('/settings/profile');
    await expect(nav(page, 'profile')).toBeVisible();
    await expect(nav(page, 'costs')).toHaveCount(costs);
    await expect(nav(page, 'rates')).toHaveCount(rates);
  }
});

for (const [locale, colorScheme, width] of [
  ['ar-EG', 'light', 1_440],
  ['es-ES', 'dark', 1_440],
  ['pt-BR', 'light', 390],
  ['ar-EG', 'dark', 390],
] as const) {
  test(`costs and rates are accessible: ${locale}, ${colorScheme}, ${width} px`, async ({ agent, instance }, info) => {
    const admin = instance.signIns.find(({ role }) => role === 'admin')?.name ?? '';
    const page = await agent(admin, { locale, colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    for (const where of ['costs', 'rates', 'rates/new', 'rates/import']) {
      await page.goto(`/settings/${where}`);
      await expect(page.locator('#settings-page h2').first()).toBeVisible();
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
      await page.screenshot({ path: info.outputPath(`${where.replace('/', '-')}.png`) });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });
}
