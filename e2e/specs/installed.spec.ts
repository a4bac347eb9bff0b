import type { BrowserContext, Locator, Page, Worker } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** Until the service worker answers for the page. */
const controlled = (page: Page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });

/** Width and height of a PNG, as its first chunk says. */
const sizeOf = (png: Buffer): string => `${String(png.readUInt32BE(16))}x${String(png.readUInt32BE(20))}`;

/** Opens the menu of the customer's message, where what it says of its details is. */
async function details(inbox: InboxPage): Promise<Locator> {
  await inbox.bubble('Are you there?').hover();
  await inbox.bubble('Are you there?').getByRole('button', { name: /More/ }).click();
  const item = inbox.page.getByRole('menuitem', { name: 'Message details' });
  await expect(item).toBeVisible();
  return item;
}

interface Shown {
  title: string;
  body: string;
  tag: string;
  path: string;
}
declare global {
  var shown: Shown[];
}

/** The worker, with a note of what it shows: a browser without a screen has no notifications. */
async function noting(context: BrowserContext): Promise<Worker> {
  const [worker = await context.waitForEvent('serviceworker')] = context.serviceWorkers();
  await worker.evaluate(() => {
    globalThis.shown = [];
    const { registration } = globalThis as unknown as { registration: ServiceWorkerRegistration };
    registration.showNotification = (title: string, { body = '', tag = '', data }: NotificationOptions = {}) => {
      globalThis.shown.push({ title, body, tag, path: (data as { path: string }).path });
      return Promise.resolve();
    };
  });
  return worker;
}

/** Has the browser hand the worker a push, as its push service would. */
async function deliver(page: Page, payload: object, origin = new URL(page.url()).origin): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const registration = new Promise<string>((resolve) =>
    browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first) resolve(first.registrationId);
    }),
  );
  await browser.send('ServiceWorker.enable');
  await browser.send('ServiceWorker.deliverPushMessage', {
    origin,
    registrationId: await registration,
    data: JSON.stringify(payload),
  });
  await browser.detach();
}

test('can be installed: what the browser reads of it is whole, and nothing of it is kept too long', async ({
  agent,
  request,
}) => {
  const page = await agent('Ana');
  const browser = await page.context().newCDPSession(page);
  const { errors, data = '{}' } = await browser.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data) as {
    start_url: string;
    display: string;
    icons: { src: string; sizes: string; type: string; purpose: string }[];
    shortcuts: { url: string }[];
  };
  expect(manifest).toMatchObject({ start_url: '/inbox', display: 'standalone' });
  expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
  for (const { src, sizes, type } of manifest.icons) {
    const icon = await request.get(src);
    expect(icon.headers()['content-type']).toContain(type);
    if (type === 'image/png') expect(sizeOf(await icon.body())).toBe(sizes);
  }
  for (const { url } of manifest.shortcuts) {
    await page.goto(url);
    await expect(page.locator('#list [aria-current]').first()).toBeVisible();
  }
  for (const path of ['/sw.js', '/manifest.webmanifest', '/']) {
    expect((await request.get(path)).headers()['cache-control']).toBe('no-cache');
  }
  expect((await request.get('/')).headers()['content-security-policy']).toContain("worker-src 'self'");
  const { installabilityErrors } = await browser.send('Page.getInstallabilityErrors');
  // Tests run in a private window, which installs nothing; there is no other reason.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
});

test('without a connection it starts all the same, says so, and comes back by itself; no answer is ever kept', async ({
  agent,
}) => {
  const page = await agent('Ana', { viewport: { width: 360, height: 740 } });
  await controlled(page);
  await page.reload();
  await expect(page.locator('#list time').first()).toBeVisible();
  await page.context().setOffline(true);
  await page.goto('/inbox/mine');
  await expect(page.getByRole('alert')).toContainText('cannot be reached');
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  const kept = await page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
    return requests.map(({ url }) => new URL(url).pathname);
  });
  expect(kept).toContain('/');
  expect(kept.filter((path) => /^\/(api|socket\.io|control|metrics)/.test(path))).toEqual([]);
  await page.context().setOffline(false);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.locator('#list [aria-current]').first()).toBeVisible();
});

test('who loses the connection has every part of a thread, as the worker keeps what may be asked for later', async ({
  agent,
  customer,
}) => {
  const page = await agent('Chen');
  await controlled(page);
  const inbox = new InboxPage(page);
  const name = newName('Offline Olga');
  await customer(name).writes('Are you there?');
  await inbox.open(name);
  const kept = () =>
    page.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((key) => caches.open(key)));
      return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
    });
  await expect.poll(async () => (await kept()).some((path) => /\/assets\/MessageInfo-/.test(path))).toBe(true);
  const item = await details(inbox);
  await page.context().setOffline(true);
  await item.click();
  await expect(page.getByRole('dialog')).toContainText('Received');
});

test('a part that cannot be fetched without a connection says so, and comes with it', async ({ agent, customer }) => {
  const page = await agent('Chen', { serviceWorkers: 'block' });
  const inbox = new InboxPage(page);
  const name = newName('Offline Otto');
  await customer(name).writes('Are you there?');
  await inbox.open(name);
  const item = await details(inbox);
  await page.context().setOffline(true);
  await item.click();
  await expect(page.getByText('This part comes when you are back.')).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.getByText('This part comes when you are back.')).toHaveCount(0);
  await expect(inbox.bubble('Are you there?')).toBeVisible();
});

test('a new version waits until the agent wants it', async ({ agent }) => {
  const page = await agent('Ana');
  await controlled(page);
  await page.evaluate(() => Object.assign(window, { isBefore: true }));
  // Another address is another worker to the browser: it is fetched, put in place, and waits.
  await page.evaluate(() => navigator.serviceWorker.register('/sw.js?another'));
  await expect(page.getByText('Parley was updated', { exact: true })).toBeVisible();
  expect(await page.evaluate(() => 'isBefore' in window)).toBe(true);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => page.evaluate(() => 'isBefore' in window).catch(() => true)).toBe(false);
  await expect(page.locator('#list time').first()).toBeVisible();
});

test('a push is shown in the agent’s language while the console is closed, and leads to the thread', async ({
  agent,
  customer,
}) => {
  const page = await agent('Ana', { locale: 'es-ES' });
  await controlled(page);
  const inbox = new InboxPage(page);
  const name = newName('Paula');
  await customer(name).writes('Hola');
  await inbox.row(name).click();
  await expect(page).toHaveURL(/\/inbox\/all\/[0-9a-f-]{36}/);
  const path = new URL(page.url()).pathname;
  // What the profile leaves for the worker when pushes are turned on.
  await page.evaluate(async () => {
    const cache = await caches.open('parley-texts');
    await cache.put('/push-texts', Response.json({ message: 'Un mensaje nuevo', messages: 'Mensajes nuevos: {n}' }));
  });
  const worker = await noting(page.context());
  const shown = () => worker.evaluate(() => globalThis.shown);
  const push = { kind: 'message', tag: `message ${path}`, path, title: name, count: 3, by: null, text: null };

  await page.goto('/settings/profile');
  const { origin } = new URL(page.url());
  await deliver(page, { ...push, kind: 'test', title: 'Parley' });
  await expect.poll(shown).toMatchObject([{ title: 'Parley' }]);

  // Pressed while a window is there: that one shows the thread, once it listens.
  const press = (to: string): void => {
    const notification = { close: () => undefined, data: { path: to } };
    globalThis.dispatchEvent(
      Object.assign(new Event('notificationclick'), { notification, waitUntil: () => undefined }),
    );
  };
  await expect(async () => {
    await worker.evaluate(press, path);
    await expect(page).toHaveURL(new RegExp(`${path}$`), { timeout: 1_000 });
  }).toPass();

  // Whoever has the console in front of them is told there; with the console closed the push is all there is.
  await deliver(page, push);
  await page.goto('about:blank');
  await deliver(page, push, origin);
  await expect
    .poll(shown)
    .toMatchObject([{ title: 'Parley' }, { title: name, body: 'Mensajes nuevos: 3', tag: push.tag, path }]);
});
