import type { BrowserContextOptions, Page } from '@playwright/test';
import path from 'node:path';
import { everyKind } from '../fixtures/every-kind.ts';
import type { Instance } from '../fixtures/instance.ts';
import { voiceNote } from '../fixtures/media-samples.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/screenshots');

const LOOKS: Record<string, BrowserContextOptions> = {
  light: { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1_440, height: 900 } },
  dark: { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1_440, height: 900 } },
  phone: { locale: 'en-GB', colorScheme: 'light', viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
  arabic: { locale: 'ar-EG', colorScheme: 'light', viewport: { width: 1_440, height: 900 } },
};

/** Pixels in which a whole thread stands without scrolling. */
const TALL = 2_400;

/** Covers that a customer of a bookshop might send. */
const COVERS = [
  { title: 'Atlas of Rivers', width: 400, height: 300, hue: 205 },
  { title: 'Harbour Charts', width: 300, height: 400, hue: 165 },
  { title: 'The Old Town', width: 400, height: 400, hue: 35 },
  { title: 'Star Maps', width: 500, height: 280, hue: 255 },
  { title: 'Orchard Year', width: 320, height: 320, hue: 95 },
];
/** Whose gallery it is, for each look another. */
const SENDERS: Record<string, string> = {
  light: 'Gala Rivers',
  dark: 'Hugo Brandt',
  phone: 'Inês Prado',
  arabic: 'سلمى فارس',
};

/** A book's cover, drawn by the browser. */
async function drawCover(page: Page, { title, width, height, hue }: (typeof COVERS)[number]): Promise<string> {
  await page.setContent(
    `<body style="margin:0"><div style="box-sizing:border-box;width:${width}px;height:${height}px;padding:24px;color:#fff;
      font:600 30px/1.15 serif;background:radial-gradient(circle at 80% 85%,hsl(${hue} 45% 62%) 0 22%,transparent 22.5%),
      linear-gradient(160deg,hsl(${hue} 42% 34%),hsl(${hue + 25} 38% 24%))">${title}</div></body>`,
  );
  return (await page.locator('div').screenshot()).toString('base64');
}

/** Rooms of the settings, by their address. */
const SETTINGS = [
  'profile',
  'sessions',
  'setup',
  'numbers',
  'bot',
  'canned',
  'tags',
  'agents',
  'roles',
  'teams',
  'answers',
  'templates/new',
  'costs',
  'rates',
  'workspace',
  'ledger',
  'demo',
];

/** What a message would cost, by the demo's countries; made up, as Meta's own change by the quarter. */
const RATES = `prefix,category,effective_from,currency,amount
1,utility,2026-01-01,USD,0.0034
1,marketing,2026-01-01,USD,0.025
34,marketing,2026-01-01,USD,0.0615
55,marketing,2026-01-01,USD,0.0625
55,utility,2026-10-01,USD,0.0068
20,marketing,2026-01-01,USD,0.1073`;

/** That the demo's day comes with. */
const DEMO_TEAMS = 2;
/** The same for every look: told again it is the same note. */
const NOTE_ID = '019ac000-0000-7000-8000-000000000001';

/** Every picture waits until nothing loads and nothing moves. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await expect(page.locator('[data-state="catching-up"], [data-state="offline"]')).toHaveCount(0);
  await page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

const rows = (page: Page) =>
  page
    .locator('#list')
    .getByRole('link')
    .filter({ has: page.locator('time') });

/** The admin's hand on the API. */
async function asAdmin(instance: Instance) {
  let token = '';
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const response = await fetch(`${instance.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Body;
  };
  const { email, password } = instance.signIns.find(({ role }) => role === 'admin') ?? { email: '', password: '' };
  token = (await call<{ accessToken: string }>('POST', '/auth/login', { email, password })).accessToken;
  return call;
}
interface Named {
  items: { id: string; name: string }[];
}

/** Something to tell Chen: two threads given to him, and a note that names him in a colleague's. */
async function makeNews(instance: Instance): Promise<void> {
  const call = await asAdmin(instance);
  const agents = await call<Named>('GET', '/agents');
  const chen = agents.items.find(({ name }) => name.startsWith('Chen'))?.id;
  const { items } = await call<{ items: { id: string; contact: { name: string } }[] }>(
    'GET',
    '/conversations?limit=100',
  );
  const idOf = (name: string) => items.find(({ contact }) => contact.name === name)?.id ?? '';
  for (const name of ['Marek Nowak', 'Rafael Nunes'])
    await call('POST', `/conversations/${idOf(name)}/assign`, { agentId: chen });
  await call('POST', `/conversations/${idOf('Samuel Adeyemi')}/notes`, {
    clientNoteId: NOTE_ID,
    body: '@Chen Wei could you look at the delivery date?',
    mentions: [chen],
  });
}

for (const [look, options] of Object.entries(LOOKS)) {
  test(`the inbox, ${look}`, async ({ agent }) => {
    const page = await agent('Ana', { reducedMotion: 'reduce', ...options });
    await expect(rows(page).nth(3)).toBeVisible();
    if (look === 'phone') await shoot(page, 'list-phone');
    await rows(page).nth(1).click();
    await expect(page.getByRole('log').getByRole('article').first()).toBeVisible();
    await shoot(page, `inbox-${look}`);
  });

  test(`every kind of message, ${look}`, async ({ agent, customer }) => {
    const name = newName('Kim Every');
    const kim = customer(name);
    for (const message of everyKind()) await kim.delivers(message);
    const viewport = { width: options.viewport?.width ?? 0, height: TALL };
    const page = await agent('Ana', { reducedMotion: 'reduce', ...options, viewport });
    await rows(page).filter({ hasText: name }).click();
    await expect(
      page
        .getByRole('log')
        .getByRole('article')
        .nth(everyKind().length - 1),
    ).toBeVisible();
    await shoot(page, `every-kind-${look}`);
  });

  test(`signing in, ${look}`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL, ...options });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await expect(page.locator('form')).toBeVisible();
    await shoot(page, `sign-in-${look}`);
    await context.close();
  });

  test(`the board, ${look}`, async ({ agent, instance }) => {
    const supervisor = instance.signIns.find(({ role }) => role === 'supervisor');
    const page = await agent(supervisor?.name ?? '', { reducedMotion: 'reduce', ...options });
    await page.goto('/board');
    await expect(page.locator('[data-card]').first()).toBeVisible();
    await shoot(page, `board-${look}`);
    await page.goto('/board/wall');
    await expect(page.locator('[data-pulse=live]')).toBeVisible();
    await shoot(page, `board-wall-${look}`);
  });

  test(`what a conversation holds besides words, ${look}`, async ({ agent, customer, page: easel }) => {
    const name = SENDERS[look] ?? '';
    const sender = customer(name);
    await sender.writes('Would you have these five?');
    for (const cover of COVERS) {
      const data = await drawCover(easel, cover);
      await sender.delivers({ type: 'image', image: { data, mime_type: 'image/png' } });
    }
    const audio = { data: voiceNote().toString('base64'), mime_type: 'audio/ogg; codecs=opus', voice: true };
    const pdf = { data: Buffer.from('%PDF-1.4\n%%EOF').toString('base64'), mime_type: 'application/pdf' };
    await sender.delivers({ type: 'document', document: { ...pdf, filename: 'Invoice 2026-118.pdf' } });
    await sender.delivers({ type: 'audio', audio });
    await sender.writes('The whole list: https://example.org/list/118');
    const page = await agent('Ana', { reducedMotion: 'reduce', ...options });
    await rows(page).filter({ hasText: name }).click();
    await expect(page.getByRole('log').getByRole('article').last()).toBeVisible();
    if (look === 'phone') await page.keyboard.press('i');
    const gallery = page.locator('section', { has: page.locator('> div > [role=tablist]') });
    await gallery.evaluate((section) => section.scrollIntoView({ block: 'start' }));
    await expect(page.locator('[data-gallery-item] img')).toHaveCount(COVERS.length);
    await shoot(page, `gallery-${look}`);
    await gallery.locator('[role=tab][data-kind=files]').click();
    await expect(page.locator('[data-gallery-item]')).toHaveCount(2);
    await shoot(page, `gallery-files-${look}`);
  });

  test(`the palette, ${look}`, async ({ agent }) => {
    const page = await agent('Ana', { reducedMotion: 'reduce', ...options });
    await rows(page).nth(1).click();
    await expect(page.getByRole('log').getByRole('article').first()).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('option').first()).toBeVisible();
    await shoot(page, `palette-${look}`);
  });

  test(`the templates, ${look}`, async ({ agent, instance }) => {
    const admin = instance.signIns.find(({ role }) => role === 'admin');
    const page = await agent(admin?.name ?? '', { reducedMotion: 'reduce', ...options });
    await page.goto('/settings/templates');
    const one = page.locator('#settings-page a').filter({ hasText: 'order_sent' });
    await expect(one).toBeVisible();
    await shoot(page, `settings-templates-${look}`);
    await one.click();
    await expect(page).toHaveURL(/templates\/\d+/);
    await shoot(page, `settings-template-${look}`);
  });

  test(`the settings, ${look}`, async ({ agent, instance }) => {
    const admin = instance.signIns.find(({ role }) => role === 'admin');
    const page = await agent(admin?.name ?? '', { reducedMotion: 'reduce', ...options });
    await (
      await asAdmin(instance)
    )('POST', '/rates/import', { csv: RATES });
    for (const name of SETTINGS) {
      await page.goto(`/settings/${name}`);
      await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
      await shoot(page, `settings-${name.replace('/', '-')}-${look}`);
    }
    await page.goto('/settings/numbers');
    await page.locator('#settings-page a[href^="/settings/numbers/"]').first().click();
    await expect(page.locator('[data-fact=quality]')).toBeVisible();
    await shoot(page, `settings-number-${look}`);
  });

  test(`blocking a customer, ${look}`, async ({ agent }) => {
    const page = await agent('Ana', { reducedMotion: 'reduce', ...options });
    await rows(page).nth(1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^(Block|حظر)…/ }).press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await shoot(page, `blocking-${look}`);
    await page.keyboard.press('Escape');
  });
}

test('the customers’ phones', async ({ page, instance }) => {
  await page.setViewportSize({ width: 1_440, height: 900 });
  await page.goto(instance.simulatorUrl);
  await shoot(page, 'phones');
});

// Last: with teams and news there are more things on every screen.
for (const [look, options] of Object.entries(LOOKS)) {
  test(`the notification centre, ${look}`, async ({ agent, instance }) => {
    await makeNews(instance);
    const page = await agent('Chen', { reducedMotion: 'reduce', ...options });
    await expect(rows(page).nth(3)).toBeVisible();
    await page.getByTestId('bell').click();
    await expect(page.getByRole('dialog').getByRole('listitem').nth(2)).toBeVisible();
    await shoot(page, `notifications-${look}`);
  });

  test(`what was not delivered, ${look}`, async ({ agent, instance }) => {
    const supervisor = instance.signIns.find(({ role }) => role === 'supervisor');
    const page = await agent(supervisor?.name ?? '', { reducedMotion: 'reduce', ...options });
    await page.goto('/failures');
    await expect(page.locator('[data-group]').first()).toBeVisible();
    await shoot(page, `failures-${look}`);
    await page.locator('[data-group]').last().click();
    await expect(page.locator('[data-failure]').first()).toBeVisible();
    await shoot(page, `failures-one-${look}`);
  });

  test(`the board by team, ${look}`, async ({ agent, instance }) => {
    const supervisor = instance.signIns.find(({ role }) => role === 'supervisor');
    const page = await agent(supervisor?.name ?? '', { reducedMotion: 'reduce', ...options });
    await page.goto('/board');
    await page.locator('#board header [role=group] button').last().click();
    await page.mouse.move(0, 0);
    await expect(page.locator('[data-column]')).toHaveCount(DEMO_TEAMS + 1);
    await expect(page.locator('[data-card]').first()).toBeVisible();
    await shoot(page, `board-teams-${look}`);
  });
}
