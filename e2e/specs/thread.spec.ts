import { pngPicture } from '../fixtures/media-samples.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** More than two pages of the thread. */
const MANY = 130;
/** Messages that a thread opens with. */
const PAGE = 50;
const OLDER = /\/messages\?.*before=/;

/** A promise and how it is kept. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test('older messages come above what is read without moving it by a pixel, frame by frame', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana', { serviceWorkers: 'block' }));
  const name = newName('Drift Dora');
  const dora = customer(name);
  const second = Math.floor(Date.now() / 1_000) - MANY;
  await dora.causes({
    messages: Array.from({ length: MANY }, (_, n) => ({
      from: dora.phone,
      timestamp: String(second + n),
      type: 'text',
      // Of uneven height, so that a guess of it is wrong; what comes above is much taller than what is there.
      text: { body: `Line ${String(n + 1)}. ${'and so on '.repeat((n * 7) % (n < MANY - PAGE ? 40 : 9))}` },
    })),
  });
  const { opened, open } = gate();
  await ana.page.route(OLDER, async (route) => {
    await opened;
    await route.continue();
  });
  const asked = ana.page.waitForRequest(OLDER);
  await ana.open(name);
  await ana.log.focus();
  await ana.page.keyboard.press('End');
  await expect(ana.bubble(`Line ${String(MANY)}.`)).toBeInViewport();
  // Up until older ones are asked for; they are on their way until the row in the middle is watched.
  await expect(async () => {
    await ana.log.evaluate((log) => (log.scrollTop = log.clientHeight * 1.2));
    await expect(ana.bubble(`Line ${String(MANY)}.`)).not.toBeInViewport({ timeout: 500 });
  }).toPass();
  await asked;
  const height = await ana.log.evaluate(async (log) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let settle = 0; settle < 6; settle += 1) await frame();
    const box = log.getBoundingClientRect();
    const topOf = (row: Element) => row.getBoundingClientRect().top;
    const row = [...log.querySelectorAll('[data-key]')].find((one) => topOf(one) > box.top + box.height * 0.4);
    if (!row) throw new Error('no row in the middle');
    const seen = { frames: 0, drift: 0, lost: 0, top: topOf(row), key: row.getAttribute('data-key') ?? '' };
    Object.assign(window, { seen });
    const look = () => {
      const now = log.querySelector(`[data-key="${CSS.escape(seen.key)}"]`);
      seen.frames += 1;
      if (now) seen.drift = Math.max(seen.drift, Math.abs(topOf(now) - seen.top));
      else seen.lost += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return log.scrollHeight;
  });
  const seen = () => ana.page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  open();
  await expect.poll(() => ana.log.evaluate((log) => log.scrollHeight)).toBeGreaterThan(height + 200);
  const frames = (await seen())['frames'] ?? 0;
  await expect.poll(async () => (await seen())['frames']).toBeGreaterThan(frames + 12);
  const { drift, lost } = await seen();
  expect(lost).toBe(0);
  expect(drift).toBeLessThanOrEqual(1);
});

test('a reply stands before the server has answered, and stays the same bubble when it has', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana', { serviceWorkers: 'block' }));
  const name = newName('Instant Ines');
  const ines = customer(name);
  await ines.writes('Quick, please');
  await ana.open(name);
  await ana.button(/^Claim/).click();
  await expect(ana.header).toContainText('Yours');
  const { opened, open } = gate();
  await ana.page.route('**/conversations/*/messages', async (route) => {
    if (route.request().method() === 'POST') await opened;
    await route.continue();
  });
  await ana.reply('Here already');
  const bubble = ana.bubble('Here already');
  await expect(bubble).toContainText('Sending');
  expect(await ines.texts()).not.toContain('Here already');
  const row = bubble.locator('xpath=ancestor-or-self::*[@data-key]').last();
  await row.evaluate((element) => Object.assign(element, { isTheFirst: true }));
  open();
  await expect(bubble).toContainText('Read');
  await expect(bubble).toHaveCount(1);
  expect(await row.evaluate((element) => 'isTheFirst' in element)).toBe(true);
});

test('a reply whose answer is lost is tried again by itself, and reaches the customer once', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana', { serviceWorkers: 'block' }));
  const name = newName('Lost Lou');
  const lou = customer(name);
  await lou.writes('Did you get that?');
  await ana.open(name);
  let tries = 0;
  await ana.page.route('**/conversations/*/messages', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    tries += 1;
    // The server has taken it, and the page never hears so.
    if (tries > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await ana.reply('We did, once');
  const bubble = ana.bubble('We did, once');
  await expect(bubble).toContainText('Read', { timeout: 20_000 });
  await expect.poll(() => tries).toBe(2);
  await expect(bubble).toHaveCount(1);
  expect((await lou.texts()).filter((text) => text === 'We did, once')).toHaveLength(1);
});

const WINDOW_S = 24 * 3_600;

test('a message is forwarded by name and by key, with its picture, and to nobody whose window is closed', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const { keyboard } = ana.page;
  const [from, to, gone] = [newName('Source Sol'), newName('Target Tia'), newName('Gone Gil')];
  const [sol, tia] = [customer(from), customer(to)];
  await sol.writes('The code of the gate is *4711*');
  const data = pngPicture(64, 48).toString('base64');
  await sol.delivers({ type: 'image', image: { data, mime_type: 'image/png', caption: 'Front door' } });
  await tia.writes('How do I get in?');
  const timestamp = String(Math.floor(Date.now() / 1_000) - WINDOW_S - 60);
  await customer(gone).delivers({ timestamp, type: 'text', text: { body: 'Long ago' } });
  await ana.openView(/^All/);
  await ana.open(from);
  await expect(ana.bubble('Front door').locator('img')).toHaveJSProperty('naturalWidth', 64);

  const dialog = ana.page.getByRole('dialog', { name: 'Forward to' });
  const forward = async (text: string) => {
    await ana.bubble(text).hover();
    await ana.bubble(text).getByRole('button', { name: 'More for this message' }).press('Enter');
    await ana.page.getByRole('menuitem', { name: 'Forward' }).press('Enter');
    await expect(dialog.getByRole('combobox')).toBeFocused();
  };
  await forward('4711');
  await expect(dialog).toContainText('The code of the gate is 4711');
  await keyboard.type(gone);
  // Who was on the list before is nobody's choice by Enter.
  await keyboard.press('Enter');
  const closed = dialog.getByRole('option', { name: gone, selected: true });
  await expect(closed).toContainText('Window closed');
  await expect(closed).toHaveAttribute('aria-disabled', 'true');
  await keyboard.press('Enter');
  await closed.click({ force: true });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('combobox').fill(to);
  await expect(dialog.getByRole('option', { name: to, selected: true })).toBeVisible();
  await keyboard.press('Enter');
  await expect(ana.page.getByText(`Forwarded to ${to}`, { exact: true })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => tia.texts()).toContain('The code of the gate is *4711*');

  await forward('Front door');
  // By number as well, and the thread is theirs to open.
  await keyboard.type(tia.phone);
  await expect(dialog.getByRole('option', { name: to, selected: true })).toBeVisible();
  await keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await tia.received()).map(({ body }) => body.type)).toContain('image');
  await ana.page.getByRole('button', { name: 'Open', exact: true }).last().click();
  await expect(ana.header).toContainText(to);
  await expect(ana.header).toContainText('Yours');
  await expect(ana.bubble('Front door').locator('img')).toHaveJSProperty('naturalWidth', 64);
  expect((await sol.received()).filter(({ body }) => body.type === 'image')).toEqual([]);
});

test('what is forwarded into a colleague’s thread is asked for once more, and leaves it theirs', async ({
  agent,
  customer,
}) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const [from, to] = [newName('Source Sam'), newName('Dinas Dot')];
  const dot = customer(to);
  await customer(from).writes('Room 12');
  await dot.writes('Which room?');
  for (const inbox of [ana, dina]) await inbox.openView(/^All/);
  await dina.open(to);
  await dina.button(/^Claim/).click();
  await expect(dina.header).toContainText('Yours');
  await ana.open(from);
  await ana.bubble('Room 12').hover();
  await ana.bubble('Room 12').getByRole('button', { name: 'More for this message' }).click();
  await ana.page.getByRole('menuitem', { name: 'Forward' }).click();
  const dialog = ana.page.getByRole('dialog', { name: 'Forward to' });
  await dialog.getByRole('combobox').fill(to);
  await dialog.getByRole('option', { name: to }).click();
  await expect(dialog.getByRole('alert')).toContainText('Dina Haddad has this conversation');
  await expect(dialog.getByRole('button', { name: 'Forward anyway' })).toBeFocused();
  expect(await dot.texts()).not.toContain('Room 12');
  await dialog.getByRole('button', { name: 'Forward anyway' }).press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(dina.bubble('Room 12')).toContainText('Read');
  await expect(dina.header).toContainText('Yours');
  expect(await dot.texts()).toContain('Room 12');
});
