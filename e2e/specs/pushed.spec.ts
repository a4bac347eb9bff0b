import { createECDH, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** A push service on this machine that takes whatever comes. */
async function pushService(): Promise<{ url: string; arrived: string[]; server: Server }> {
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      arrived.push(request.headers['content-encoding'] ?? '');
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, arrived, server };
}

/** Allows notifications, and has the browser subscribe there: it cannot reach a push service of its own from here. */
const subscribeAt = (context: BrowserContext, endpoint: string): Promise<unknown> => {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const json = {
    endpoint,
    expirationTime: null,
    keys: { p256dh: pair.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url') },
  };
  return context.addInitScript((described) => {
    class Allowed extends EventTarget {
      static permission = 'granted';
      static requestPermission = () => Promise.resolve('granted');
      close(): void {}
    }
    Object.defineProperty(window, 'Notification', { value: Allowed, configurable: true });
    let current: object | null = null;
    const subscription = {
      options: { applicationServerKey: null },
      toJSON: () => described,
      unsubscribe: () => {
        current = null;
        return Promise.resolve(true);
      },
    };
    PushManager.prototype.getSubscription = () => Promise.resolve(current as PushSubscription | null);
    PushManager.prototype.subscribe = () => {
      current = subscription;
      return Promise.resolve(subscription as unknown as PushSubscription);
    };
  }, json);
};

test('an agent turns pushes on, tries them, is told while they look elsewhere, and turns them off', async ({
  agent,
  customer,
}) => {
  const service = await pushService();
  const page = await agent('Dina');
  await subscribeAt(page.context(), `${service.url}/push/${crypto.randomUUID()}`);
  await page.goto('/inbox/all');
  const inbox = new InboxPage(page);
  const name = newName('Pushed Petra');
  const petra = customer(name);
  await petra.writes('Is anybody there?');
  await inbox.open(name);
  await inbox.button(/^Claim/).click();
  await expect(inbox.header).toContainText('Yours');

  await page.goto('/settings/profile');
  const push = page.getByRole('switch', { name: 'Push on this browser' });
  await expect(push).not.toBeChecked();
  await push.click();
  await expect(push).toBeChecked();
  await expect(page.getByText('Browsers that take pushes')).toBeVisible();
  await expect(page.getByText('This sign-in')).toBeVisible();
  await expect(page.getByLabel('New message in mine')).toHaveValue('push');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /^Test the push/ }).click();
  await expect(page.getByTestId('push-outcome')).toHaveText('Sent: it should appear within seconds.');
  expect(service.arrived).toEqual(['aes128gcm']);

  await petra.writes('Hello?');
  await expect.poll(() => service.arrived.length, { timeout: 20_000 }).toBe(2);

  await push.click();
  await expect(push).not.toBeChecked();
  await expect(page.getByText('Browsers that take pushes')).toHaveCount(0);
  await page.getByLabel('New message in mine').selectOption('desktop');
  service.server.closeAllConnections();
  service.server.close();
});

test('a browser that blocks notifications is told so, and what can be done', async ({ agent }) => {
  const page = await agent('Chen');
  await page.context().addInitScript(() => {
    class Blocked extends EventTarget {
      static permission = 'denied';
    }
    Object.defineProperty(window, 'Notification', { value: Blocked, configurable: true });
  });
  await page.goto('/settings/profile');
  await expect(page.getByTestId('push-state')).toContainText('blocks notifications');
  await page.context().addInitScript(() => Reflect.deleteProperty(window, 'PushManager'));
  await page.reload();
  await expect(page.getByTestId('push-state')).toContainText('cannot take pushes here');
});
