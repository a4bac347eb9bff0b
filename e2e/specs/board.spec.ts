import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import type { Instance } from '../fixtures/instance.ts';
import { BoardPage } from '../pages/board.page.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const nameOf = ({ signIns }: Instance, role: string): string => signIns.find((one) => one.role === role)?.name ?? '';
const WIDE = { viewport: { width: 1_900, height: 900 } };

/** Requests that would leave a trace of somebody's look; what tells its looker is their own business. */
function traces(page: Page): string[] {
  const found: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && /\/conversations\/[^/]+\/(read|claim)$/.test(new URL(request.url()).pathname))
      found.push(request.url());
  });
  return found;
}

/** The admin's hand on the API, for what has its own stories elsewhere. */
async function asAdmin(instance: Instance) {
  const call = async (method: string, path: string, body: unknown, token = '') => {
    const response = await fetch(`${instance.url}/api${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { accessToken: string; id: string };
  };
  const admin = instance.signIns.find(({ role }) => role === 'admin');
  const { accessToken } = await call('POST', '/auth/login', { email: admin?.email, password: admin?.password });
  return (method: string, path: string, body: unknown) => call(method, path, body, accessToken);
}

test('who writes stands on the board, a drag gives the thread to an agent, and Undo takes it back', async ({
  agent,
  customer,
  instance,
}) => {
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  const chen = new InboxPage(await agent('Chen'));
  await board.show();
  const name = newName('Drag Dora');
  await customer(name).writes('Who takes me?');
  const inQueue = board.card(name, board.column('Queue'));
  await expect(inQueue).toBeVisible();
  await expect(inQueue.locator('[data-waiting]')).toHaveText(/\d:\d\d/);
  const waited = await inQueue.locator('[data-waiting]').textContent();
  await expect(inQueue.locator('[data-waiting]')).not.toHaveText(waited ?? '');

  await board.drag(name, 'Chen Wei');
  await expect(board.card(name, board.column('Chen Wei'))).toBeVisible();
  await expect(board.announcer).toContainText(`The conversation with ${name} went to Chen Wei.`);
  await chen.openView(/Mine/);
  await expect(chen.row(name)).toBeVisible();

  await board.page.getByRole('button', { name: /^Undo/ }).click();
  await expect(inQueue).toBeVisible();
  await expect(chen.row(name)).toHaveCount(0);
});

test('by key alone a card goes the same way as by drag, and the focus goes with it', async ({
  agent,
  customer,
  instance,
}) => {
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  await board.show();
  const name = newName('Key Kai');
  await customer(name).writes('And me?');
  await expect(board.card(name, board.column('Queue'))).toBeVisible();
  await board.moveByKey(name, 'Chen Wei');
  const moved = board.card(name, board.column('Chen Wei'));
  await expect(moved).toBeFocused();
  await expect(board.announcer).toContainText(`went to Chen Wei`);

  await board.moveByKey(name, 'Queue');
  await expect(board.card(name, board.column('Queue'))).toBeFocused();
});

test('a move that came second is refused, says who has it, and the card stands where it belongs', async ({
  agent,
  customer,
  instance,
}) => {
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  const chen = new InboxPage(await agent('Chen'));
  await board.show();
  const name = newName('Race Rhea');
  await customer(name).writes('First come, first served?');
  await board.card(name, board.column('Queue')).focus();
  await board.page.keyboard.press('m');
  await expect(board.moveDialog).toBeVisible();
  await chen.open(name);
  await chen.button(/^Claim/).click();
  await expect(chen.header).toContainText('Yours');

  await board.option('Ben').click();
  await expect(board.announcer).toContainText(`Chen Wei has ${name} now.`);
  await expect(board.card(name, board.column('Chen Wei'))).toBeVisible();
});

test('who was deactivated meanwhile cannot be given anything, and the board says so', async ({
  agent,
  customer,
  instance,
}) => {
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  const post = await asAdmin(instance);
  const leaver = newName('Leaver');
  const email = `${crypto.randomUUID()}@example.com`;
  const { id } = await post('POST', '/agents', { name: leaver, email, role: 'agent' });
  await board.show();
  await expect(board.column(leaver)).toBeAttached();
  const name = newName('Late Lea');
  await customer(name).writes('Is anybody there?');
  await expect(board.card(name, board.column('Queue'))).toBeVisible();
  await post('PATCH', `/agents/${id}`, { active: false });

  await board.moveByKey(name, leaver);
  await expect(board.announcer).toContainText('That agent cannot take conversations now.');
  await expect(board.card(name, board.column('Queue'))).toBeVisible();
  await expect(board.column(leaver)).toHaveCount(0);
});

test('by team: what belongs to none, a drag gives it to a team, a key takes it back, and the choice is kept', async ({
  agent,
  customer,
  instance,
}) => {
  const post = await asAdmin(instance);
  const team = newName('Framing');
  await post('POST', '/teams', { name: team });
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  await board.show();
  const name = newName('Team Tilda');
  await customer(name).writes('Which frame?');
  await expect(board.card(name, board.column('Queue'))).toBeVisible();
  await board.page.getByRole('button', { name: 'Teams', exact: true }).click();
  await board.showAll('No team');
  await expect(board.card(name, board.column('No team'))).toContainText('Unclaimed');

  await board.moveByKey(name, team);
  await expect(board.card(name, board.column(team))).toBeFocused();
  await expect(board.announcer).toContainText(`now of the team ${team}`);
  await expect(board.column(team)).toContainText('1 unclaimed');

  await board.page.reload();
  await expect(board.card(name, board.column(team))).toBeVisible();
  await board.drag(name, 'No team');
  await expect(board.announcer).toContainText('of no team any more');
  await board.showAll('No team');
  await expect(board.card(name, board.column('No team'))).toBeVisible();
  await board.page.getByRole('button', { name: /^Undo/ }).click();
  await expect(board.card(name, board.column(team))).toBeVisible();

  await board.page.getByRole('button', { name: 'People', exact: true }).click();
  await expect(board.card(name, board.column('Queue'))).toContainText(team);
});

test('a board that could not be loaded says so, and is there after Retry; so is the wall', async ({
  agent,
  instance,
}) => {
  const page = await agent(nameOf(instance, 'supervisor'), { ...WIDE, serviceWorkers: 'block' });
  for (const path of ['/board', '/board/wall']) {
    await page.route('**/api/conversations?*', (route) =>
      route.fulfill({ status: 503, json: { code: 'server.busy' } }),
    );
    await page.goto(path);
    const again = page.getByRole('button', { name: 'Try again' });
    await expect(page.getByText('The board could not be loaded')).toBeVisible();
    await page.unroute('**/api/conversations?*');
    await again.click();
    await expect(page.getByText('The board could not be loaded')).toHaveCount(0);
    await expect(page.locator(path === '/board' ? '[data-column=queue]' : '[data-figure=waiting]')).toBeVisible();
  }
});

test('a board on which nothing is open is no empty page: everybody is there, and nobody waits', async ({
  agent,
  instance,
}) => {
  const page = await agent(nameOf(instance, 'supervisor'), { ...WIDE, serviceWorkers: 'block' });
  // A server that is silent, so that nobody writes meanwhile, and has nothing.
  await page.routeWebSocket('**/socket.io/**', () => undefined);
  await page.route('**/api/conversations?*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...((await response.json()) as object), items: [], nextCursor: null } });
  });
  await page.goto('/board');
  await expect(page.getByText('Nobody waits. New customers appear here at once.')).toBeVisible();
  await expect(page.locator('[data-column]').filter({ hasText: 'Chen Wei' })).toContainText('No open conversations');
  await expect(page.locator('[data-tile=waiting]')).toContainText('0');
});

test('a look from the board is silent: nothing is read, claimed or shown to who works on it', async ({
  agent,
  customer,
  instance,
}) => {
  const board = new BoardPage(await agent(nameOf(instance, 'supervisor'), WIDE));
  const chen = new InboxPage(await agent('Chen'));
  const left = traces(board.page);
  await board.show();
  const name = newName('Quiet Quinn');
  const quinn = customer(name);
  await quinn.writes('Can you see me?');
  await chen.open(name);
  await board.card(name).click();
  await expect(board.peek.getByRole('article').filter({ hasText: 'Can you see me?' })).toBeVisible();
  await quinn.writes('And this?');
  await expect(board.peek.getByRole('article').filter({ hasText: 'And this?' })).toBeVisible();
  await expect(board.peek.getByRole('textbox')).toHaveCount(0);
  await expect(board.peek.getByRole('button', { name: /Reply|React/ })).toHaveCount(0);
  await expect(chen.bubble('And this?')).toBeVisible();
  await expect(chen.header.locator('[data-viewer]')).toHaveCount(0);

  await board.page.keyboard.press('Escape');
  await expect(board.peek).toHaveCount(0);
  await expect(board.card(name)).toBeFocused();
  await expect(board.card(name)).toContainText('2 unread');
  expect(left).toEqual([]);
});

test('the board is for who oversees: an agent has no way there', async ({ agent, instance }) => {
  const choices = async (page: Page) => {
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox')).toBeFocused();
    await page.keyboard.type('board');
    await expect(page.getByRole('combobox')).toHaveValue('board');
    return page.getByRole('option', { name: 'Go to Board' });
  };
  const supervisor = await agent(nameOf(instance, 'supervisor'));
  await expect(await choices(supervisor)).toBeVisible();
  await supervisor.keyboard.press('Enter');
  await expect(supervisor).toHaveURL(/\/board$/);

  const page = await agent(nameOf(instance, 'agent'));
  await expect(page.getByRole('link', { name: 'Board' })).toHaveCount(0);
  await expect(await choices(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.goto('/board');
  await expect(page).toHaveURL(/\/inbox\//);
});
