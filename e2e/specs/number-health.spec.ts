import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { pngPicture } from '../fixtures/media-samples.ts';
import type { Instance } from '../fixtures/instance.ts';
import { expect, test as base } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const HOUR_S = 3_600;
const room = (page: Page): Locator => page.locator('#settings-page');
const card = (page: Page, name: string): Locator => room(page).getByRole('region', { name, exact: true });
const fact = (page: Page, part: string): Locator => room(page).locator(`[data-fact=${part}]`);
const trouble = (page: Page, kind: string): Locator => room(page).locator(`[data-trouble=${kind}]`);

/** A number of an account of its own: what Meta says of it is no other test's business. */
class Shop {
  readonly phoneNumberId = `27411987${String(Date.now()).slice(-7)}`;
  readonly account = `31884002${String(Date.now()).slice(-7)}`;
  readonly digits = `1202${String(Date.now()).slice(-7)}`;
  readonly name = newName('Corner Shop');

  private readonly request: APIRequestContext;
  private readonly instance: Instance;
  private seconds = 0;

  constructor(request: APIRequestContext, instance: Instance) {
    this.request = request;
    this.instance = instance;
  }

  private get simulatorUrl(): string {
    return this.instance.simulatorUrl;
  }

  async is(how: Record<string, unknown>): Promise<void> {
    const { phoneNumberId: id, account: businessAccountId, digits: displayPhoneNumber } = this;
    const data = { id, businessAccountId, displayPhoneNumber, verifiedName: 'Corner Shop', ...how };
    expect((await this.request.post(`${this.simulatorUrl}/control/numbers`, { data })).ok()).toBe(true);
  }

  /** The code that came to the number last. */
  async code(): Promise<string> {
    const listed = await this.request.get(`${this.simulatorUrl}/control/numbers`);
    const { items } = (await listed.json()) as { items: { id: string; code?: string }[] };
    return items.find(({ id }) => id === this.phoneNumberId)?.code ?? '';
  }

  /** A webhook of Meta's about the number or its account, later than what was told before. */
  async isTold(field: string, value: Record<string, unknown>): Promise<void> {
    this.seconds = Math.max(this.seconds + 1, Math.floor(Date.now() / 1_000));
    const data = { businessAccountId: this.account, field, value, time: this.seconds };
    const told = await this.request.post(`${this.simulatorUrl}/control/account-news`, { data });
    expect(told.status()).toBe(200);
  }

  async connect(admin: Page): Promise<void> {
    const token = await this.request.get(`${this.simulatorUrl}/control/token`);
    const { accessToken, appSecret } = (await token.json()) as { accessToken: string; appSecret: string };
    await admin.goto('/settings/numbers/new');
    await admin.getByLabel('Phone number ID').fill(this.phoneNumberId);
    await admin.getByLabel('WhatsApp business account ID').fill(this.account);
    await admin.getByLabel('Access token').fill(accessToken);
    await admin.getByLabel('App secret').fill(appSecret);
    await admin.getByRole('button', { name: 'Ask WhatsApp' }).click();
    await admin.getByLabel('Name in the console').fill(this.name);
    await admin.getByRole('button', { name: 'Connect the number', exact: true }).click();
    await expect(room(admin).getByRole('heading', { name: this.name })).toBeVisible();
  }

  async disconnect(): Promise<void> {
    const { url, signIns } = this.instance;
    const { email, password } = signIns.find(({ role }) => role === 'admin') ?? {};
    const login = await this.request.post(`${url}/api/auth/login`, { data: { email, password } });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const headers = { authorization: `Bearer ${accessToken}` };
    const listed = await this.request.get(`${url}/api/channels`, { headers });
    const { items } = (await listed.json()) as { items: { id: string; phoneNumberId: string }[] };
    const own = items.find(({ phoneNumberId }) => phoneNumberId === this.phoneNumberId);
    if (own) expect((await this.request.post(`${url}/api/channels/${own.id}/disconnect`, { headers })).ok()).toBe(true);
  }
}

/** Whatever a test did and wherever it broke off, its number is nobody's trouble afterwards. */
const test = base.extend<{ shop: Shop }>({
  shop: async ({ request, instance }, use) => {
    const shop = new Shop(request, instance);
    await use(shop);
    await shop.disconnect();
  },
});

test('a number’s page says how it stands at WhatsApp, follows the news, and says what to do', async ({
  agent,
  shop,
}) => {
  test.slow(); // a number is connected, checked and disconnected
  await shop.is({});
  const ana = await agent('Ana');
  await shop.connect(ana);
  const health = card(ana, 'How it stands at WhatsApp');
  await expect(fact(ana, 'quality')).toContainText('High');
  await expect(fact(ana, 'messagingLimit')).toContainText('2,000 new conversations a day');
  await expect(fact(ana, 'messagingLimit')).toContainText('0 of them in the last 24 hours');
  await expect(fact(ana, 'throughput')).toContainText('80 a second');
  await expect(fact(ana, 'token')).toContainText('Never');
  await expect(fact(ana, 'scopes')).toContainText('whatsapp_business_messaging');
  await expect(health).toContainText('Last checked');

  await shop.isTold('phone_number_quality_update', {
    display_phone_number: shop.digits,
    event: 'THROUGHPUT_UPGRADE',
    max_daily_conversations_per_business: 'TIER_UNLIMITED',
  });
  await expect(fact(ana, 'throughput')).toContainText('1,000 a second');
  await expect(fact(ana, 'messagingLimit')).toContainText('Without limit');

  await shop.isTold('account_alerts', {
    entity_type: 'PHONE_NUMBER',
    entity_id: shop.phoneNumberId,
    alert_info: {
      alert_severity: 'WARNING',
      alert_status: 'ACTIVE',
      alert_type: 'PROFILE_PICTURE_LOST',
      alert_description: 'Please reupload your profile picture',
    },
  });
  await expect(trouble(ana, 'alert')).toContainText('Please reupload your profile picture');
  expect(await violations(ana)).toEqual([]);
  await trouble(ana, 'alert').getByRole('button', { name: 'Put away' }).click();
  await expect(trouble(ana, 'alert')).toHaveCount(0);

  const ban = (state: string) => ({
    event: 'DISABLED_UPDATE',
    ban_info: { waba_ban_state: state, waba_ban_date: 'December 4, 2026' },
  });
  await shop.isTold('account_update', ban('SCHEDULE_FOR_DISABLE'));
  await expect(trouble(ana, 'banScheduled')).toContainText('December 4, 2026');
  await shop.isTold('account_update', ban('REINSTATE'));
  await expect(trouble(ana, 'banScheduled')).toHaveCount(0);

  await shop.is({ qualityRating: 'RED', onBusinessApp: true });
  await health.getByRole('button', { name: 'Check now' }).click();
  await expect(fact(ana, 'quality')).toContainText('Low');
  await expect(fact(ana, 'throughput')).toContainText('20 a second');
  await expect(trouble(ana, 'qualityLow')).toContainText('Write only to people who expect it');

  await ana.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await ana.getByRole('dialog').getByRole('textbox').fill(shop.name);
  await ana.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(trouble(ana, 'disconnected')).toBeVisible();
});

test('a new number is verified, registered, gets its profile and sends a test message', async ({ agent, shop }) => {
  test.slow();
  await shop.is({ registered: false, pin: '123456', verification: 'NOT_VERIFIED' });
  const ana = await agent('Ana');
  await shop.connect(ana);
  await expect(trouble(ana, 'numberOffline')).toContainText('cannot send');

  const register = card(ana, 'Register');
  await register.getByLabel('PIN of six digits').fill('123456');
  await register.getByRole('button', { name: 'Register the number' }).click();
  await expect(register.getByRole('alert')).toContainText('Verify the number first');

  const verify = card(ana, 'Verification');
  await verify.getByText('Call', { exact: true }).click();
  await verify.getByRole('button', { name: 'Send the code' }).click();
  await expect(verify.getByRole('status')).toContainText('calls the number');
  await verify.getByLabel('Code of six digits').fill('000000');
  await verify.getByRole('button', { name: 'Verify the number' }).click();
  await expect(verify.getByRole('alert')).toContainText('not the one that was sent');
  expect(await violations(ana)).toEqual([]);
  await verify.getByLabel('Code of six digits').fill(await shop.code());
  await verify.getByRole('button', { name: 'Verify the number' }).click();
  await expect(verify).toHaveCount(0);
  await expect(fact(ana, 'verification')).toContainText('Verified');

  await register.getByLabel('PIN of six digits').fill('654321');
  await register.getByRole('button', { name: 'Register the number' }).click();
  await expect(register.getByRole('alert')).toContainText('That is not the number');
  await register.getByLabel('PIN of six digits').fill('123456');
  await register.getByRole('button', { name: 'Register the number' }).click();
  await expect(trouble(ana, 'numberOffline')).toHaveCount(0);

  const profile = card(ana, 'Business profile');
  await profile.getByLabel('About').fill('Books since 1974');
  await profile.getByLabel('Website 1').fill('lantern.example');
  await expect(profile.getByText('A web address begins with')).toBeVisible();
  await profile.getByLabel('Website 1').fill('https://lantern.example');
  await profile.getByLabel('Industry').selectOption('Education');
  await profile.getByRole('button', { name: 'Save at WhatsApp' }).click();
  await expect(ana.getByText('WhatsApp has the new profile.').first()).toBeVisible();

  await expect(profile.getByText('no picture yet')).toBeVisible();
  await profile
    .locator('input[type=file]')
    .setInputFiles({ name: 'shop.png', mimeType: 'image/png', buffer: pngPicture(640, 640) });
  await profile.getByRole('button', { name: 'Set the picture at WhatsApp' }).click();
  await expect(profile.getByText('The profile has a picture')).toBeVisible();

  // The templates of a new account are read by and by.
  const phone = `1206${String(Date.now()).slice(-7)}`;
  const message = card(ana, 'Test message');
  await expect(message.getByLabel('Template')).toHaveValue(/hello_world/, { timeout: 60_000 });
  await message.getByLabel('Phone number').fill(`+${phone}`);
  await message.getByRole('button', { name: 'Send the test' }).click();
  await expect(message.getByRole('status')).toContainText('WhatsApp took it');
  await ana.reload();
  await expect(card(ana, 'Business profile').getByLabel('About')).toHaveValue('Books since 1974');
  await expect(card(ana, 'Business profile').getByLabel('Industry')).toHaveValue('EDU');
});

test('agents see when a number cannot open conversations, and only as long as that holds', async ({
  agent,
  customer,
  shop,
}) => {
  test.slow();
  await shop.is({});
  const ana = await agent('Ana');
  await shop.connect(ana);
  const name = newName('Nora Corner');
  await customer(name).causes({
    phone_number_id: shop.phoneNumberId,
    contacts: [{ profile: { name }, wa_id: shop.digits.replace('1202', '1303') }],
    messages: [{ from: shop.digits.replace('1202', '1303'), type: 'text', text: { body: 'Are you there?' } }],
  });
  const page = await agent('Ben');
  await page.goto('/inbox/all');
  const inbox = new InboxPage(page);
  await inbox.open(name);
  await expect(inbox.bubble('Are you there?')).toBeVisible();
  const banner = page.locator('#thread').getByTestId('number-banner');
  await expect(banner).toHaveCount(0);

  const restriction = (expiration: number) => ({
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration }],
  });
  const now = Math.floor(Date.now() / 1_000);
  await shop.isTold('account_update', restriction(now + HOUR_S));
  await expect(banner).toContainText(`${shop.name} can reply, but not open conversations.`);
  await expect(page.locator('#list').getByTestId('number-banner')).toContainText(shop.name);
  await expect(trouble(ana, 'restrictedOpenings')).toContainText('Replies still go out.');
  // The field is still there: replies inside the window go out.
  await inbox.reply('Yes, we are');
  await expect(inbox.bubble('Yes, we are')).toBeVisible();
  expect(await violations(page)).toEqual([]);

  await shop.isTold('account_update', restriction(now - HOUR_S));
  await expect(banner).toHaveCount(0);
  await expect(trouble(ana, 'restrictedOpenings')).toHaveCount(0);
});

test('where a portfolio may open one conversation a day, the second customer is refused with the limit', async ({
  agent,
  customer,
  shop,
}) => {
  test.slow(); // the templates of a new account are read by and by
  await shop.is({ messagingLimit: 'TIER_1' });
  const ana = await agent('Ana');
  await shop.connect(ana);
  await expect(fact(ana, 'messagingLimit')).toContainText('1 new conversation a day');
  await expect(card(ana, 'Test message').getByLabel('Template')).toHaveValue(/hello_world/, { timeout: 60_000 });

  const page = await agent('Ben');
  const inbox = new InboxPage(page);
  const dialog = page.getByRole('dialog');
  const timestamp = String(Math.floor(Date.now() / 1_000) - 25 * HOUR_S);
  const writeFirst = async (name: string, phone: string): Promise<void> => {
    await customer(name).causes({
      phone_number_id: shop.phoneNumberId,
      contacts: [{ profile: { name }, wa_id: phone }],
      messages: [{ from: phone, timestamp, type: 'text', text: { body: 'Yesterday’s question' } }],
    });
    await page.goto('/inbox/all');
    await inbox.open(name);
    await expect(page.getByTestId('window-closed')).toBeVisible();
    await page.keyboard.press('p');
    await dialog.getByRole('combobox').fill('hello_world');
    await dialog.getByRole('option').first().click();
    await dialog.getByRole('button', { name: 'Send template' }).press('Enter');
    await expect(dialog).toHaveCount(0);
  };
  const names = [newName('Opened First'), newName('Opened Second')] as const;
  await writeFirst(names[0], shop.digits.replace('1202', '1303'));
  await expect(inbox.log.getByRole('article').last()).toContainText(/Sent|Delivered|Read/);
  await writeFirst(names[1], shop.digits.replace('1202', '1404'));
  await expect(inbox.log).toContainText('used up: 1 in 24 hours');
  await ana.reload();
  await expect(fact(ana, 'messagingLimit')).toContainText('1 of them in the last 24 hours');
});
