import { expect, test } from '../fixtures/parley.ts';

const ROOM = /\/assets\/InboxView-[^/]+\.js$/;

test('an inbox is on its way while the session is still being asked for', async ({ agent }) => {
  // What a worker has kept is asked of nobody.
  const page = await agent('Ana', { serviceWorkers: 'block' });
  let answer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/auth/refresh', async (route) => {
    await isAnswered;
    await route.continue();
  });
  const fetched = page.waitForRequest(ROOM);
  await page.goto('/inbox/all', { waitUntil: 'commit' });
  await fetched;
  await expect(page.locator('#list')).toHaveCount(0);
  answer();
  await expect(page.locator('#list a:has(time)').first()).toBeVisible();
});

test('who has signed out is shown the door, and fetches nothing that lies behind it', async ({ agent }) => {
  const page = await agent('Ben', { serviceWorkers: 'block' });
  await page.evaluate(() => localStorage.setItem('parley.signedOut', '1'));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/inbox/all');
  await expect(page.locator('input[autocomplete="current-password"]')).toBeVisible();
  expect(asked.filter((path) => ROOM.test(path) || path === '/api/auth/refresh')).toEqual([]);
});
