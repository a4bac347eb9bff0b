import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('who looks and who writes is seen by the other, and gone when the tab is', async ({ agent, customer }) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const name = newName('Watched Wyn');
  await customer(name).writes('Hello?');
  for (const inbox of [ana, dina]) await inbox.open(name);
  await expect(ana.header).toContainText(/Dina/);
  await dina.composer.pressSequentially('I am just');
  await expect(ana.log.locator('xpath=../..').getByText('Dina is writing…').first()).toBeVisible();
  await dina.page.context().close();
  await expect(ana.header).not.toContainText(/Dina/, { timeout: 45_000 });
  await expect(ana.page.getByText('Dina is writing…')).toHaveCount(0);
});

test('the row under the pointer stays there while others come in, and a pill counts them', async ({
  agent,
  customer,
}) => {
  const page = await agent('Ana');
  const ana = new InboxPage(page);
  await ana.openView(/All/);
  const name = newName('Under Uno');
  const target = customer(name);
  await target.writes('I stay where I am');
  for (const n of [1, 2, 3]) await customer(newName(`Above ${String(n)}`)).writes('I was later');
  const row = ana.row(name);
  await expect(row).toBeVisible();
  await row.hover();
  const at = () => row.evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const before = await at();
  const newcomers = Array.from({ length: 10 }, (_, n) => customer(newName(`Newcomer ${String(n)}`)));
  for (const round of [1, 2, 3, 4, 5])
    await Promise.all(newcomers.map((one) => one.writes(`Message ${String(round)}`)));
  await expect(page.getByRole('button', { name: /\d+ newer/ })).toBeVisible();
  expect(await at()).toBe(before);
  await page.getByRole('button', { name: /\d+ newer/ }).click();
  await expect(ana.row('Newcomer').first()).toBeInViewport();
});

test('who reads above is not moved by what arrives; an own reply goes to the end', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Above Abe');
  const abe = customer(name);
  for (let n = 1; n <= 45; n += 1) await abe.writes(`Line number ${String(n)}.`);
  await ana.open(name);
  await ana.log.focus();
  await ana.page.keyboard.press('End');
  await expect(ana.bubble('Line number 45.')).toBeInViewport();
  await expect(async () => {
    await ana.log.evaluate((log) => (log.scrollTop = log.scrollHeight / 3));
    await expect(ana.bubble('Line number 45.')).not.toBeInViewport({ timeout: 500 });
  }).toPass();
  const inTheMiddle = () =>
    ana.log.evaluate((log) => {
      const box = log.getBoundingClientRect();
      const rows = [...log.querySelectorAll('[role=article]')];
      const seen = rows.find((row) => row.getBoundingClientRect().top > box.top + box.height / 3);
      return /Line number \d+\./.exec(seen?.textContent ?? '')?.[0] ?? '';
    });
  // The rows of a place that was scrolled to are drawn with the next frame.
  await expect.poll(inTheMiddle).not.toBe('');
  const middle = await inTheMiddle();
  const at = async () => (await ana.bubble(middle).boundingBox())?.y ?? Number.NaN;
  const before = await at();
  for (const n of [1, 2, 3]) await abe.writes(`Later ${String(n)}`);
  await expect(ana.page.getByRole('button', { name: '3 new messages' })).toBeVisible();
  expect(Math.abs((await at()) - before)).toBeLessThanOrEqual(1);

  await ana.page.getByRole('button', { name: '3 new messages' }).click();
  await expect(ana.bubble('Later 3')).toBeInViewport();
  await ana.log.evaluate((log) => (log.scrollTop = log.scrollHeight / 3));
  await expect(ana.bubble('Later 3')).not.toBeInViewport();
  await ana.reply('An answer to all of it');
  await expect(ana.bubble('An answer to all of it')).toBeInViewport();
});

const SCRIPTS = [
  '<img src=x onerror="window.broken=1">',
  '<svg onload="window.broken=1">',
  '"><script>window.broken=1</script>',
  'javascript:window.broken=1',
  "';window.broken=1;//",
  '{{constructor.constructor("window.broken=1")()}}',
];

test('scripts in names, texts, file names, notes and tags are only letters', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const refused: string[] = [];
  ana.page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text());
  });
  const name = newName(SCRIPTS[0] ?? '');
  const mallory = customer(name);
  for (const script of SCRIPTS) await mallory.writes(`*${script}* _${script}_ https://example.org/?q=${script}`);
  await mallory.delivers({
    type: 'document',
    document: { id: '1', filename: SCRIPTS[0], caption: SCRIPTS[1], mime_type: 'text/html', sha256: 'x' },
  });
  await mallory.delivers({
    type: 'contacts',
    contacts: [{ name: { formatted_name: SCRIPTS[1] }, phones: [{ phone: SCRIPTS[0], wa_id: '1202' }] }],
  });
  await mallory.delivers({
    type: 'location',
    location: { latitude: 1, longitude: 2, name: SCRIPTS[0], address: SCRIPTS[1], url: SCRIPTS[3] },
  });
  await ana.open(name);
  await ana.log.focus();
  await ana.page.keyboard.press('End');
  await ana.page.keyboard.press('n');
  await ana.page.keyboard.type(SCRIPTS.slice(0, 3).join(' '));
  await ana.page.keyboard.press('Enter');
  await expect(ana.page.locator('[data-note]').first()).toContainText(SCRIPTS[0] ?? '-');
  await ana.log.focus();
  await ana.page.keyboard.press('t');
  await ana.page.getByRole('dialog').getByRole('combobox').fill('<img src=x onerror=broken=1>');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.press('Control+Enter');
  await expect(ana.row(name)).toContainText('<img src=x');
  await ana.log.evaluate((log) => (log.scrollTop = 0));
  await expect(ana.log.getByText(SCRIPTS[0] ?? '-').first()).toBeVisible();
  expect(await ana.page.evaluate(() => 'broken' in window)).toBe(false);
  expect(await ana.page.locator('main a[href^="javascript:"], main img[src="x"], main svg[onload]').count()).toBe(0);
  expect(refused).toEqual([]);
});

test('on a phone the list is where it was when the thread is left', async ({ agent, customer }) => {
  const page = await agent('Dina', { viewport: { width: 390, height: 500 }, hasTouch: true, isMobile: true });
  const dina = new InboxPage(page);
  for (let n = 0; n < 8; n += 1) await customer(newName(`Filler ${String(n)}`)).writes('One of many');
  await page.goto('/inbox/all');
  await expect(dina.row('Filler').first()).toBeVisible();
  const scroller = page.locator('#list [role=list], #list ul').first();
  const last = page.locator('#list a:has(time)').last();
  await last.scrollIntoViewIfNeeded();
  const row = page.locator('#list a:has(time)').nth(5);
  const name = (await row.locator('[dir=auto]').first().textContent()) ?? '';
  const at = async () => (await dina.row(name).first().boundingBox())?.y ?? Number.NaN;
  await dina.row(name).first().scrollIntoViewIfNeeded();
  const before = await at();
  await dina.row(name).first().tap();
  await expect(dina.log).toBeVisible();
  await page.goBack();
  await expect(scroller).toBeVisible();
  await expect.poll(async () => Math.abs((await at()) - before)).toBeLessThanOrEqual(1);
});

test('marked as unread a thread is left and stays so, also in a tab that shows it, until it is opened anew', async ({
  agent,
  customer,
}) => {
  const first = await agent('Ana');
  const [ana, elsewhere] = [new InboxPage(first), new InboxPage(await first.context().newPage())];
  const name = newName('Later Lia');
  const lia = customer(name);
  await lia.writes('Think about it');
  await elsewhere.page.goto('/inbox/all');
  await ana.openView(/^All/);
  for (const tab of [elsewhere, ana]) {
    await tab.open(name);
    await expect(tab.bubble('Think about it')).toBeVisible();
    await expect(tab.row(name)).not.toContainText('unread');
  }

  await ana.log.focus();
  await first.keyboard.press('u');
  await expect(first).toHaveURL(/\/inbox\/all$/);
  await expect(ana.row(name)).toBeFocused();
  for (const tab of [ana, elsewhere]) await expect(tab.row(name)).toContainText('1 unread');
  // The other tab still looks at it, and says so of every new message; it was opened before, and that reads nothing.
  const said = elsewhere.page.waitForResponse(/\/read$/);
  await lia.writes('And then?');
  await said;
  await expect(elsewhere.bubble('And then?')).toBeVisible();
  for (const tab of [ana, elsewhere]) await expect(tab.row(name)).toContainText('2 unread');

  await first.keyboard.press('Enter');
  await expect(ana.bubble('And then?')).toBeVisible();
  for (const tab of [ana, elsewhere]) await expect(tab.row(name)).not.toContainText('unread');

  // From the thread's own menu and from the row's; what is open is left.
  await ana.button('More for this conversation').click();
  await first.getByRole('menuitem', { name: 'Mark as unread' }).click();
  await expect(ana.log).toHaveCount(0);
  await expect(ana.row(name)).toContainText('1 unread');
  await ana.row(name).click({ button: 'right' });
  await first.getByRole('menuitem', { name: 'Mark as read' }).click();
  await expect(ana.row(name)).not.toContainText('unread');
  await ana.open(name);
  await ana.row(name).click({ button: 'right' });
  await first.getByRole('menuitem', { name: 'Mark as unread' }).click();
  await expect(ana.log).toHaveCount(0);
  await expect(ana.row(name)).toContainText('1 unread');
  await expect(elsewhere.row(name)).toContainText('1 unread');
  // Where it still stands open, another click on its row is a new look.
  await elsewhere.row(name).click();
  for (const tab of [ana, elsewhere]) await expect(tab.row(name)).not.toContainText('unread');
});

test('several are marked as read, and as unread, at once; a colleague’s own count stays as it was', async ({
  agent,
  customer,
}) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const group = newName('Pile');
  const names = ['One', 'Two'].map((one) => `${group} ${one}`);
  for (const name of names) await customer(name).writes('Some news');
  for (const inbox of [ana, dina]) {
    await inbox.openView(/^All/);
    for (const name of names) await expect(inbox.row(name)).toContainText('1 unread');
  }
  const bar = ana.page.getByRole('region', { name: 'Marked conversations' });
  const mark = async () => {
    for (const name of names) {
      await ana.row(name).focus();
      await ana.page.keyboard.press('x');
    }
    await expect(bar).toContainText('2 marked');
  };
  await mark();
  await bar.getByRole('button', { name: 'Mark as read' }).click();
  for (const name of names) await expect(ana.row(name)).not.toContainText('unread');
  await mark();
  await bar.getByRole('button', { name: 'Mark as unread' }).click();
  for (const inbox of [ana, dina]) {
    for (const name of names) await expect(inbox.row(name)).toContainText('1 unread');
  }
});

test('the list is made wider by key and by hand, stays so, and a double click gives its width back', async ({
  agent,
}) => {
  const page = await agent('Ana', { viewport: { width: 1_280, height: 800 } });
  const line = page.getByRole('separator', { name: 'Width of the list' });
  const width = async () => (await page.locator('#list').boundingBox())?.width;
  await expect(line).toHaveAttribute('aria-valuenow', '360');
  const before = (await width()) ?? 0;
  await line.press('ArrowLeft');
  await line.press('ArrowLeft');
  await expect(line).toHaveAttribute('aria-valuenow', '340');
  expect(await width()).toBe(before - 20);
  await page.reload();
  await expect(line).toHaveAttribute('aria-valuenow', '340');
  expect(await width()).toBe(before - 20);

  const box = await line.boundingBox();
  if (!box) throw new Error('no line between list and thread');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 25, y, { steps: 3 });
  await expect(line).toHaveAttribute('aria-valuenow', '365');
  await page.mouse.move(x + 500, y, { steps: 3 });
  await page.mouse.up();
  await expect(line).toHaveAttribute('aria-valuenow', '380');
  expect(await width()).toBe(before + 20);
  await line.dblclick();
  await expect(line).toHaveAttribute('aria-valuenow', '360');
  expect(await width()).toBe(before);
  await page.setViewportSize({ width: 900, height: 800 });
  await expect(line).toBeHidden();
});
