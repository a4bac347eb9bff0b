import type { APIRequestContext, Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { phoneOf } from '../fixtures/offer-story.ts';
import { expect, test as base } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

interface Receipt {
  wamid: string;
  phoneNumberId: string;
  typing: boolean;
}

interface Line {
  id: string;
  phoneNumberId: string;
}

/** A number of its own: what its policies are is no other story's business. */
const test = base.extend<{ line: Line }>({
  line: async ({ request, instance: { url, simulatorUrl, signIns } }, use) => {
    const digits = String(Date.now()).slice(-7);
    const [phoneNumberId, businessAccountId] = [`27411988${digits}`, `31884003${digits}`];
    const displayPhoneNumber = `1303${digits}`;
    const number = { id: phoneNumberId, businessAccountId, displayPhoneNumber, verifiedName: 'Night Shop' };
    expect((await request.post(`${simulatorUrl}/control/numbers`, { data: number })).ok()).toBe(true);
    const token = await request.get(`${simulatorUrl}/control/token`);
    const { accessToken, appSecret } = (await token.json()) as { accessToken: string; appSecret: string };

    const { email, password } = signIns.find(({ role }) => role === 'admin') ?? {};
    const login = await request.post(`${url}/api/auth/login`, { data: { email, password } });
    const headers = { authorization: `Bearer ${((await login.json()) as { accessToken: string }).accessToken}` };
    const secrets = { accessToken, appSecret };
    const data = { name: newName('Night Shop'), phoneNumberId, businessAccountId, displayPhoneNumber, ...secrets };
    const made = await request.post(`${url}/api/channels`, { headers, data });
    expect(made.status()).toBe(201);
    const { id } = (await made.json()) as { id: string };
    await use({ id, phoneNumberId });
    expect((await request.post(`${url}/api/channels/${id}/disconnect`, { headers })).ok()).toBe(true);
  },
});

async function receipts(request: APIRequestContext, simulatorUrl: string): Promise<Receipt[]> {
  const answer = await request.get(`${simulatorUrl}/control/receipts`);
  return ((await answer.json()) as { items: Receipt[] }).items;
}

async function claim(inbox: InboxPage, name: string): Promise<void> {
  await inbox.page.goto('/inbox/all');
  await inbox.open(name);
  await inbox.button(/^Claim/).click();
  await expect(inbox.header).toContainText('Yours');
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('region', { name: /not saved/i })).toHaveCount(0);
}

test('the customer sees that the owner writes a reply, and nothing of a note', async ({
  agent,
  browser,
  customer,
  instance,
  request,
}) => {
  const name = newName('Tilda Typed');
  const wamid = await customer(name).writes('Is the shop open?');
  const ana = new InboxPage(await agent('Ana'));
  await claim(ana, name);
  const context = await browser.newContext();
  const phone = await phoneOf(await context.newPage(), instance.simulatorUrl, name);
  const typing = phone.getByText('typing…');
  const shown = async () =>
    (await receipts(request, instance.simulatorUrl)).filter((one) => one.wamid === wamid && one.typing).length;
  await expect(phone.locator('.bubble.customer').last()).toContainText('read by the business');

  const modes = ana.page.getByRole('group', { name: 'What to write' });
  await modes.getByRole('button', { name: 'Note' }).click();
  await ana.page.keyboard.type('Until six on Sundays');
  await ana.page.keyboard.press('Enter');
  await expect(ana.page.locator('[data-note]').last()).toContainText('Until six on Sundays');
  await modes.getByRole('button', { name: 'Reply' }).click();
  expect(await shown()).toBe(0);

  await ana.composer.pressSequentially('We are');
  await expect(typing).toBeVisible();
  await phone.screenshot({ path: test.info().outputPath('typing.png') });
  await ana.reply('We are, until six.');
  await expect(phone.locator('.bubble.business').last()).toContainText('We are, until six.');
  await expect(typing).toHaveCount(0);
  expect(await shown()).toBe(1);
  await context.close();
});

test('the number’s settings decide: never where ticks never turn blue; before the reply only where that is wanted', async ({
  agent,
  browser,
  customer,
  instance,
  line,
  request,
}) => {
  test.slow(); // two rooms of the console and a phone, in turn
  const ana = new InboxPage(await agent('Ana'));
  const { page } = ana;
  const ticks = page.getByLabel("When the customer's ticks turn blue");
  const toggle = page.getByRole('switch', { name: 'Customers see “typing…”' });
  const settings = `/settings/numbers/${line.id}`;
  await page.goto(settings);
  await expect(toggle).toHaveAttribute('aria-checked', 'true');
  await ticks.selectOption('never');
  await expect(toggle).toBeDisabled();
  await expect(toggle).toHaveAttribute('aria-checked', 'false');
  expect(await violations(page)).toEqual([]);
  await save(page);

  const context = await browser.newContext();
  const phones = await context.newPage();
  /** Somebody who writes to this number, and the chat on their phone. */
  const writer = async (name: string, body: string) => {
    const one = customer(newName(name));
    await one.causes({
      phone_number_id: line.phoneNumberId,
      messages: [{ from: one.phone, type: 'text', text: { body } }],
    });
    const phone = await phoneOf(phones, instance.simulatorUrl, one.name);
    await phones.getByLabel('They write to').selectOption(line.phoneNumberId);
    await expect(phone.locator('.bubble.customer').last()).toContainText('delivered to the business');
    return { name: one.name, asked: phone.locator('.bubble.customer').last(), phone };
  };
  const told = async () =>
    (await receipts(request, instance.simulatorUrl)).filter((one) => one.phoneNumberId === line.phoneNumberId);

  const nils = await writer('Nils Never', 'Do you see this?');
  await claim(ana, nils.name);
  await ana.composer.pressSequentially('Not by a tick');
  await ana.composer.press('Enter');
  await expect(nils.phone.locator('.bubble.business').last()).toContainText('Not by a tick');
  expect(await told()).toEqual([]);

  await page.goto(settings);
  await ticks.selectOption('on_reply');
  await expect(toggle).toHaveAttribute('aria-checked', 'false');
  await toggle.click();
  await expect(page.getByText('ticks turn blue when somebody begins to write').last()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('settings.png') });
  await save(page);

  const olga = await writer('Olga On Reply', 'And now?');
  await page.goto('/inbox/all');
  const isRead = page.waitForResponse((answer) => answer.url().endsWith('/read') && answer.ok());
  await ana.open(olga.name);
  await isRead;
  await expect(olga.asked).toContainText('delivered to the business');
  await ana.composer.pressSequentially('Now');
  await expect(olga.phone.getByText('typing…')).toBeVisible();
  await expect(olga.asked).toContainText('read by the business');
  expect(await told()).toEqual([expect.objectContaining({ typing: true })]);
  await ana.reply('Now you do');
  await expect(olga.phone.locator('.bubble.business').last()).toContainText('Now you do');
  await expect(olga.phone.getByText('typing…')).toHaveCount(0);
  await context.close();
});
