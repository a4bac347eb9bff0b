import type { Page } from '@playwright/test';
import { cannedReply } from '../fixtures/canned.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';
import { walkSettings } from '../pages/screens.ts';

test('from the door to resolved: sign in, claim, canned reply, note, tag, resolve, with no pointer at all', async ({
  browser,
  customer,
  instance,
  request,
}) => {
  await cannedReply(request, { shortcut: 'thanks', title: 'Thanks', body: 'Thank you, {{contact.first_name|dear}}!' });
  const name = newName('Handsfree Hue');
  const hue = customer(name);
  await hue.writes('No mouse here');
  const { email, password } = instance.signIns.find((one) => one.name.startsWith('Ben')) ?? { email: '', password: '' };
  const context = await browser.newContext({ baseURL: instance.url, locale: 'en-GB' });
  await context.addInitScript(() => {
    for (const type of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(type, () => sessionStorage.setItem('pointer', type), { capture: true });
  });
  const page = await context.newPage();
  const ben = new InboxPage(page);
  const { keyboard } = page;

  await page.goto('/sign-in');
  await expect(page.locator('form')).toBeVisible();
  for (let stops = 0; stops < 20 && !(await isFocused(page, 'input[type=email]')); stops += 1)
    await keyboard.press('Tab');
  await keyboard.type(email);
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await page.waitForURL(/\/inbox\//);
  await expect(ben.row(name)).toBeVisible();

  await keyboard.press('/');
  await keyboard.type(name);
  await expect(page.locator('#list').getByRole('list').getByRole('link')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(ben.row(name)).toBeFocused();
  await keyboard.press('Enter');
  await expect(ben.bubble('No mouse here')).toBeVisible();
  await keyboard.press('c');
  await expect(ben.header).toContainText('Yours');

  await keyboard.press('r');
  await expect(ben.composer).toBeFocused();
  await keyboard.type('/than');
  await expect(page.getByRole('option', { name: /Thanks/ })).toBeVisible();
  await keyboard.press('Enter');
  await expect(ben.composer).toHaveValue('Thank you, Handsfree!');
  await keyboard.press('Enter');
  await expect(ben.bubble('Thank you, Handsfree!')).toContainText('Read');
  await keyboard.press('Escape');
  await expect(ben.log).toBeFocused();

  await keyboard.press('n');
  await expect(page.getByRole('textbox', { name: /^Write a note/ })).toBeFocused();
  await keyboard.type('Likes keys');
  await keyboard.press('Enter');
  await expect(ben.bubble('Likes keys')).toContainText('Only your team sees this');
  await keyboard.press('Escape');
  await expect(ben.composer).toBeFocused();
  await keyboard.press('Escape');
  await expect(ben.log).toBeFocused();

  await keyboard.press('t');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await keyboard.type('keys');
  await keyboard.press('Enter');
  await keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(ben.row(name)).toContainText('keys');
  await keyboard.press('e');
  await expect(ben.header).toContainText('Resolved');
  expect(await page.evaluate(() => sessionStorage.getItem('pointer'))).toBeNull();
  await context.close();
});

test('each stop of Tab is marked, in sight, uncovered, and in the order of the eye', async ({ agent, customer }) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  const name = newName('Stop Stu');
  await customer(name).writes('Where am I?');
  await ana.open(name);
  await expect(ana.bubble('Where am I?')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' })).toBeVisible();

  const stops = await walkTabs(page, ['rail', '#list', '#thread', '[aria-label=Details]']);
  expect(stops.length).toBeGreaterThan(12);
  expect(stops.filter(({ trouble }) => trouble !== '')).toEqual([]);
  expect(new Set(stops.map(({ pane }) => pane))).toEqual(new Set([0, 1, 2, 3]));
  const order = stops.map(({ pane }) => pane);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('the settings too: their list and each page, with one thing of it open', async ({ agent, instance }) => {
  test.slow(); // some hundred stops
  const admin = instance.signIns.find(({ role }) => role === 'admin');
  const page = await agent(admin?.name ?? '');
  await walkSettings(page, async (name) => {
    const stops = await walkTabs(page, ['rail', '#settings-list', '#settings-page']);
    expect(stops.length, name).toBeGreaterThan(8);
    expect(
      stops.filter(({ trouble }) => trouble !== ''),
      name,
    ).toEqual([]);
    const order = stops.map(({ pane }) => pane);
    expect(order, name).toEqual(order.toSorted((a, b) => a - b));
  });
});

test('the focus goes where the work goes on: after resolving, a dialog, a menu', async ({ agent, customer }) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  const group = newName('Next');
  const names = ['Ada', 'Bea', 'Cy'].map((one) => `${group} ${one}`);
  for (const name of names) await customer(name).writes('One after another');
  // A search finds what is there when it is asked.
  await ana.openView(/^All/);
  for (const name of names) await expect(ana.row(name)).toBeVisible();
  await page.getByRole('searchbox').fill(group);
  // The three stood in the list before: the search is there once nobody else is.
  await expect(page.getByRole('checkbox')).toHaveCount(3);
  await expect(ana.row(group)).toHaveCount(3);
  const inOrder = await ana.row(group).evaluateAll((rows) => rows.map((row) => row.getAttribute('href') ?? ''));
  const link = (index: number) => page.locator(`#list a[href="${inOrder[index] ?? ''}"]`);
  await link(0).focus();
  await page.keyboard.press('Enter');
  await expect(ana.log).toBeVisible();

  for (const key of ['?', 't', 'Control+k']) {
    await ana.log.focus();
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(ana.log).toBeFocused();
  }
  const assign = page.getByRole('button', { name: /^Assign/ });
  await assign.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(assign).toBeFocused();

  await ana.log.focus();
  await page.keyboard.press('e');
  await expect(link(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ana.header).toContainText(group);
  await ana.log.focus();
  await page.keyboard.press('Shift+E');
  await expect(page).toHaveURL(new RegExp(inOrder[2]?.split('/').at(-1) ?? '-'));
  await expect(link(2)).toBeFocused();
});

test('what a customer writes is read out once, and old messages never', async ({ agent, customer }) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  const name = newName('Spoken Sky');
  const sky = customer(name);
  for (let n = 1; n <= 70; n += 1) await sky.writes(`Old news ${String(n)}`);
  await ana.open(name);
  await expect(ana.log.getByRole('article').first()).toBeVisible();
  await ana.announcer.evaluate((voice) => {
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver(() => said.push(voice.textContent ?? '')).observe(voice, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);

  await ana.log.focus();
  await page.keyboard.press('End');
  await expect(ana.bubble('Old news 70')).toBeInViewport();
  await expect(async () => {
    await ana.log.evaluate((log) => (log.scrollTop = 0));
    await expect(ana.log.getByText('Old news 1', { exact: true })).toBeInViewport({ timeout: 500 });
  }).toPass();
  expect(await said()).toEqual([]);

  await sky.writes('Something new');
  await expect.poll(said).toContainEqual(expect.stringContaining('Something new'));
  await sky.writes('And one more');
  await expect.poll(said).toContainEqual(expect.stringContaining('And one more'));
  expect((await said()).filter((text) => text.includes('Something new'))).toHaveLength(1);
  await expect(ana.log).toHaveAttribute('aria-live', 'off');
});

const heading = (page: Page) => page.getByRole('heading', { name: 'Keyboard shortcuts' });

test('single letters can be turned off, the help lists them, and Alt with a letter is nobody’s', async ({
  agent,
  customer,
}) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  const name = newName('Speech Sid');
  await customer(name).writes('I dictate');
  await ana.open(name);

  await ana.log.focus();
  await page.keyboard.press('?');
  await expect(heading(page)).toBeVisible();
  const listed = await page.getByRole('dialog').locator('kbd').allTextContents();
  expect(listed).toEqual(expect.arrayContaining([...'JKXCAZETIRN', '/', '?', '@', 'G', 'Esc', '↵', 'F8']));
  await page.keyboard.press('Escape');

  await ana.log.focus();
  for (const key of ['Alt+c', 'Alt+e', 'Alt+a', 'Alt+t']) await page.keyboard.press(key);
  await expect(page.locator('[role=menu], [role=dialog]')).toHaveCount(0);
  await expect(ana.header).toContainText('Unassigned');

  await page.goto('/settings/profile');
  const kept = page.waitForResponse((answer) => answer.request().postData()?.includes('singleKeys') ?? false);
  await page.getByRole('switch', { name: 'Keys of a single letter' }).press('Space');
  await kept;
  await page.goBack();
  await expect(ana.header).toContainText('Unassigned');
  await ana.log.focus();
  for (const key of ['c', 'e', 't', 'a', '?']) await page.keyboard.press(key);
  await expect(page.locator('[role=menu], [role=dialog]')).toHaveCount(0);
  await expect(ana.header).toContainText('Unassigned');
  // The chord is no single letter: through it everything is still there, this switch as well.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('single');
  await page.keyboard.press('Enter');
  const again = page.waitForResponse((answer) => answer.request().postData()?.includes('singleKeys') ?? false);
  await page.keyboard.press('Enter');
  await again;
  await ana.log.focus();
  await page.keyboard.press('?');
  await expect(heading(page)).toBeVisible();
});

async function isFocused(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
}

interface Stop {
  what: string;
  /** The index of the pane that holds it; 0 = in none of them. */
  pane: number;
  /** What is wrong with it, if anything. */
  trouble: string;
}

/** Each stop of Tab from the top of the page to its end; `panes` are what holds them, in the order of the eye. */
async function walkTabs(page: Page, panes: readonly string[]): Promise<Stop[]> {
  await page.locator('body').evaluate((body) => {
    body.setAttribute('tabindex', '-1');
    body.focus();
    Object.assign(window, { visited: new Set<Element>() });
  });
  const stops: Stop[] = [];
  for (let count = 0; count < 150; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate((selectors) => {
      const element = document.activeElement;
      // Behind the last one the browser begins again, with a stop at itself or without.
      const { visited } = window as unknown as { visited: Set<Element> };
      if (!element || element === document.body || visited.has(element)) return null;
      visited.add(element);
      const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      const box = element.getBoundingClientRect();
      // A field's frame may carry the mark in its place.
      const frame = element.closest('[class*="focus-within"], [class*="has-["]');
      const isMarked =
        [element, ...(frame ? [frame] : [])].some((one) => {
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
          return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
        }) || element.querySelector('[class*="group-focus-visible"]') !== null;
      // Of a region that is taller than the screen (a table that scrolls) a part is enough.
      const isTall = box.height > innerHeight / 2;
      const isInSight =
        (isTall ? box.bottom > 0 && box.top < innerHeight : box.top >= -1 && box.bottom <= innerHeight + 1) &&
        box.left >= -1 &&
        box.right <= innerWidth + 1;
      const middle = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
      const top = document.elementFromPoint(box.left + box.width / 2, middle);
      // A choice that is drawn by its label lies under it.
      const labels = [...((element as HTMLInputElement).labels ?? [])];
      const isUncovered = top !== null && [element, ...labels].some((one) => one.contains(top) || top.contains(one));
      const pane = selectors.findIndex((selector, index) => index > 0 && element.closest(selector) !== null);
      return {
        what: `${element.tagName} ${name.slice(0, 40)} ${selectors[Math.max(0, pane)] ?? ''}`,
        pane: Math.max(0, pane),
        trouble: [isMarked ? '' : 'not marked', isInSight ? '' : 'out of sight', isUncovered ? '' : 'covered']
          .filter(Boolean)
          .join(', '),
      };
    }, panes);
    if (stop === null) break;
    stops.push(stop);
  }
  return stops;
}
