import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const bell = (page: Page) => page.getByTestId('bell');
const centre = (page: Page) => page.getByRole('dialog', { name: 'Notifications' });
const rowOf = (page: Page, name: string) => centre(page).getByRole('listitem').filter({ hasText: name });

test('what an agent was told of waits behind the bell, in every tab, until it is seen', async ({ agent, customer }) => {
  const first = await agent('Ana');
  const second = await first.context().newPage();
  await second.goto('/inbox/all');
  const [ana, other] = [new InboxPage(first), new InboxPage(second)];
  for (const inbox of [ana, other]) await expect(inbox.connection).toHaveText('Live');

  const name = newName('Belle');
  const belle = customer(name);
  await belle.writes('Is anybody there?');
  await ana.open(name);
  await ana.button(/^Claim/).click();
  await expect(ana.header).toContainText('Yours');
  // Out of sight: what comes now is told.
  await first.goto('/inbox/all');
  await expect(ana.connection).toHaveText('Live');
  await belle.writes('Where is my parcel?');
  await belle.writes('Hello?');

  // By key alone: to the bell, into the list, to the row, to the thread.
  await bell(second).focus();
  await second.keyboard.press('Enter');
  await expect(rowOf(second, name)).toContainText('2 new messages');
  await expect(rowOf(second, name)).toContainText('Hello?');
  await expect(centre(second).getByRole('heading', { name: 'New' })).toBeVisible();
  expect(await violations(second)).toEqual([]);
  await second.keyboard.press('Escape');
  await expect(centre(second)).toHaveCount(0);
  await expect(bell(second)).toBeFocused();

  await bell(first).click();
  await rowOf(first, name).getByRole('link').press('Enter');
  await expect(first).toHaveURL(/\/inbox\/all\/[0-9a-f-]{36}$/);
  await expect(ana.bubble('Hello?')).toHaveCount(1);
  await bell(second).click();
  await expect(rowOf(second, name).first()).toBeVisible();
  const earlier = centre(second).locator('section').filter({ hasText: 'Earlier' });
  await expect(earlier.getByRole('listitem').filter({ hasText: name })).toHaveCount(1);
});

test('a colleague’s mention leads to the note; all can be marked as read', async ({ agent, customer }) => {
  const [first, second] = [await agent('Ana'), await agent('Ben')];
  const [ana, ben] = [new InboxPage(first), new InboxPage(second)];
  const name = newName('Mona');
  await customer(name).writes('A difficult question');
  await ana.open(name);
  await expect(ana.connection).toHaveText('Live');
  await expect(ben.connection).toHaveText('Live');
  await first.getByRole('log').focus();
  await first.keyboard.press('n');
  await first.keyboard.type('@Ben');
  await first.getByRole('option', { name: /Ben/ }).first().click();
  await first.keyboard.type(' what do you think?');
  await first.keyboard.press('Enter');
  await expect(first.getByRole('log')).toContainText('what do you think?');

  await expect(bell(second)).toHaveAccessibleName(/unread/);
  await bell(second).click();
  await expect(rowOf(second, name)).toContainText('Ana');
  await rowOf(second, name).getByRole('link').click();
  await expect(second).toHaveURL(/\/inbox\/all\/[0-9a-f-]{36}$/);
  await expect(ben.log).toContainText('what do you think?');

  await first.getByRole('log').focus();
  await second.goto('/inbox/all');
  await bell(second).click();
  const all = centre(second).getByRole('button', { name: 'Mark all as read' });
  if (await all.isVisible()) await all.click();
  await expect(centre(second).getByRole('heading', { name: 'New' })).toHaveCount(0);
  await expect(bell(second)).toHaveAccessibleName('Notifications');
});

test('without a connection the centre says so, and comes back by itself', async ({ agent }) => {
  const page = await agent('Chen', { serviceWorkers: 'block' });
  await expect(new InboxPage(page).connection).toHaveText('Live');
  await page.route('**/api/notifications?*', (route) => route.abort());
  await page.reload();
  await bell(page).click();
  await expect(centre(page).getByRole('alert')).toContainText('could not be loaded');
  await page.unroute('**/api/notifications?*');
  await centre(page).getByRole('button', { name: 'Try again' }).click();
  await expect(centre(page).getByRole('alert')).toHaveCount(0);
  await page.context().setOffline(true);
  await expect(centre(page).getByRole('status')).toContainText('Offline');
  await page.context().setOffline(false);
  await expect(centre(page).getByRole('status')).toHaveCount(0);
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1_280],
  ['en-GB', 'dark', 390],
  ['ar-EG', 'light', 360],
] as const) {
  test(`the centre fits and can be used by everybody: ${locale}, ${colorScheme}, ${String(width)} px`, async ({
    agent,
  }) => {
    const page = await agent('Ana', { locale, colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    await page.goto('/inbox/all');
    await bell(page).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await expect(dialog.locator('[aria-busy=true]')).toHaveCount(0);
    const box = await dialog.boundingBox();
    expect(box).not.toBeNull();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  });
}
