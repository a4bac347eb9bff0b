import { expect, type Page } from '@playwright/test';

/** One thing that can be on the screen, and how it is left again. */
type Visit = (name: string) => Promise<void>;

const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity),
  );

async function shows(page: Page, name: string, visit: Visit): Promise<void> {
  await settled(page);
  await visit(name);
}

/** Opens something by a key, looks at it, and closes it. */
async function overlay(page: Page, name: string, open: () => Promise<unknown>, visit: Visit): Promise<void> {
  await open();
  const shown = page.locator('[role=dialog], [role=menu], [role=listbox]').first();
  await expect(shown).toBeVisible();
  await shows(page, name, visit);
  await page.keyboard.press('Escape');
  await expect(page.locator('[role=dialog], [role=menu]')).toHaveCount(0);
}

/**
 * Leads an agent's page through the screens and whatever can be opened on them, by addresses, roles and keys only: it
 * works in every language and at every width. `conversation` is the path of an open thread that is the agent's own.
 */
export async function walkDesk(page: Page, conversation: string, visit: Visit): Promise<void> {
  const { keyboard } = page;
  const article = page.getByRole('log').getByRole('article').last();
  const field = page.locator('#thread textarea');
  const press = (key: string) => async () => {
    await page.getByRole('log').focus();
    await keyboard.press(key);
  };

  await page.goto('/inbox/all');
  await expect(page.locator('#list').locator('time').first()).toBeVisible();
  await shows(page, 'list', visit);
  await overlay(page, 'notifications', () => page.getByTestId('bell').click(), visit);
  await overlay(page, 'row menu', () => page.locator('#list a:has(time)').first().click({ button: 'right' }), visit);
  await keyboard.press('x');
  for (const view of ['mine', 'unassigned', 'bot', 'snoozed', 'resolved']) {
    await page.goto(`/inbox/${view}`);
    await expect(page.locator('#list [aria-current]').first()).toBeVisible();
    await shows(page, `list of ${view}`, visit);
  }

  await page.goto(conversation);
  await expect(article).toBeVisible();
  await shows(page, 'thread', visit);
  // Beside the thread on a wide screen; on a narrow one it lies over it and is opened for a look only.
  for (const kind of ['files', 'links']) {
    const tab = page.locator(`[role=tab][data-kind=${kind}]`);
    if (!(await tab.isVisible())) continue;
    await tab.click();
    await expect(page.locator('[role=tabpanel][aria-busy=true]')).toHaveCount(0);
    await shows(page, `${kind} of the conversation`, visit);
  }
  await overlay(page, 'assign menu', press('a'), visit);
  await overlay(page, 'snooze menu', press('z'), visit);
  await overlay(page, 'tags', press('t'), visit);
  await overlay(page, 'help', press('?'), visit);
  await overlay(page, 'palette', press('Control+k'), visit);
  await overlay(page, 'templates', press('p'), visit);
  await page.getByRole('log').focus();
  await keyboard.press('r');
  await expect(field).toBeFocused();
  await keyboard.type('/');
  await expect(page.locator('#thread [role=listbox]')).toBeVisible();
  await shows(page, 'canned replies', visit);
  await keyboard.press('Escape');
  await field.fill('Half a reply');
  await shows(page, 'reply being written', visit);
  await field.fill('');
  await page.getByRole('log').focus();
  await keyboard.press('n');
  await expect(field).toBeFocused();
  await shows(page, 'note', visit);
}

/** Pages of the settings that have a form for a new one. */
const FORMS = ['agents', 'canned', 'numbers', 'rates', 'tags', 'teams'].map((page) => `/settings/${page}`);

/** The addresses of the settings' pages, as the list of settings has them for this agent. */
export async function walkSettings(page: Page, visit: Visit): Promise<void> {
  await page.goto('/settings');
  const links = page.locator('#settings-list a[href^="/settings/"]');
  await expect(links.first()).toBeAttached();
  const paths = await links.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href') ?? ''))]);
  for (const path of paths) {
    await openSettings(page, path);
    await shows(page, path, visit);
    const inner = page.locator('#settings-page a[href^="/settings/"]');
    const details = await inner.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href') ?? ''))]);
    // One of each kind is enough: the first that is there, and the form for a new one.
    const one = details.find((detail) => !paths.includes(detail) && detail.startsWith(`${path}/`));
    for (const [detail, name] of [
      ...(one ? [[one, `${path}/one`] as const] : []),
      ...(FORMS.includes(path) ? [[`${path}/new`, `${path}/new`] as const] : []),
    ]) {
      await openSettings(page, detail);
      await shows(page, name, visit);
    }
  }
}

async function openSettings(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('#settings-page h1, #settings-page h2').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** The other rooms of the console that its rail leads to. */
export async function walkRooms(page: Page, visit: Visit): Promise<void> {
  await page.goto('/inbox/all');
  const links = page.locator('nav:not(#list nav) a[href^="/"]');
  await expect(links.first()).toBeAttached();
  const paths = await links.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href') ?? ''))]);
  const rooms = paths.filter((one) => !/^\/(inbox|settings)/.test(one));
  for (const path of [...rooms, ...(rooms.includes('/board') ? ['/board/wall'] : [])]) {
    await page.goto(path);
    await expect(page.locator('h1, h2').first()).toBeAttached();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    await shows(page, path, visit);
  }
}
