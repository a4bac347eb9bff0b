import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TICK_MS = 31_000;

test('ring, badge and composer tell the same of the window as the hours go by, without a reload', async ({
  agent,
  customer,
}) => {
  const page = await agent('Ana');
  await page.clock.install();
  await page.reload();
  const ana = new InboxPage(page);
  const name = newName('Window Wes');
  await customer(name).writes('Twenty-four hours from now');
  await ana.openView(/All/);
  await ana.open(name);
  await expect(ana.header).toContainText('23h left');
  const started = Date.now();
  const field = page.locator('#thread section').last();
  /** Moves the page's clock to so long before the window closes, and lets the shared tick pass. */
  const leave = async (msLeft: number) => {
    await page.clock.setSystemTime(started + 24 * HOUR_MS - msLeft);
    await page.clock.runFor(TICK_MS);
  };

  await leave(6 * HOUR_MS + 5 * MINUTE_MS);
  await expect(ana.header).toContainText(/6h \dm left/);
  await expect(page.locator('#thread')).not.toContainText('Window closes in');

  await leave(5 * HOUR_MS + 30 * MINUTE_MS);
  await expect(ana.header).toContainText(/5h \d+m left/);
  await expect(page.locator('#thread')).toContainText(/Window closes in 5h/);

  await leave(40 * MINUTE_MS);
  await expect(ana.header).toContainText(/(38|39|40)m left/);
  await expect(page.locator('#thread')).toContainText(/Window closes in (38|39|40)m/);
  await expect(ana.row(name)).toContainText(/(38|39|40)m/);

  await leave(-2 * MINUTE_MS);
  await expect(ana.header).toContainText(/Closed \dm ago/);
  await expect(page.getByTestId('window-closed')).toBeVisible();
  await expect(ana.composer).toHaveCount(0);
  await expect(field).toContainText('Write a note');
});
