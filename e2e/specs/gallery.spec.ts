import { violations } from '../fixtures/axe.ts';
import { voiceNote } from '../fixtures/media-samples.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const MANY = 34;

// Sound may begin without a gesture that the browser believes in.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({
      ...launchOptions,
      args: [...(launchOptions.args ?? []), '--autoplay-policy=no-user-gesture-required'],
    });
  },
});

test('the panel finds pictures, files and links of a conversation again, and leads to their messages', async ({
  agent,
  customer,
}) => {
  test.slow(); // more messages than one page of the panel holds
  const page = await agent('Ana', { viewport: { width: 1440, height: 900 } });
  const name = newName('Gallery Gül');
  const guel = customer(name);
  await guel.writes('Before anything else: https://example.org/first.');
  const inbox = new InboxPage(page);
  await inbox.open(name);
  const gallery = page.getByRole('region', { name: 'Media, files, links' });
  const tab = (label: string) => gallery.getByRole('tab', { name: label });
  const items = gallery.locator('[data-gallery-item]');
  await expect(gallery.getByText('No pictures or videos yet')).toBeVisible();

  // What comes in while the panel is open is in it without a reload.
  await guel.delivers({ type: 'image', image: { caption: 'The shelf' } });
  await expect(items).toHaveCount(1);
  const open = items.getByRole('button', { name: /^Photo, .*: open$/ });
  await expect(open).toBeVisible();
  await open.click();
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
  await page.keyboard.press('Escape');

  await guel.delivers({ type: 'document', document: { filename: 'offer.pdf' } });
  await tab('Media').focus();
  await page.keyboard.press('ArrowRight');
  await expect(tab('Files')).toBeFocused();
  await expect(tab('Files')).toHaveAttribute('aria-selected', 'true');
  await expect(items).toContainText(['offer.pdf']);

  for (let n = 0; n < MANY; n += 1) await guel.writes(`Number ${n}: https://example.org/${n}`);
  await expect(inbox.row(name)).toContainText(`Number ${MANY - 1}:`);
  await tab('Links').click();
  await expect(gallery.getByRole('link', { name: `https://example.org/${MANY - 1}`, exact: true })).toBeVisible();
  await expect(gallery.getByRole('link', { name: 'https://example.org/first', exact: true })).toHaveCount(0);
  await gallery.getByRole('button', { name: 'Show older' }).click();
  const first = items.filter({ hasText: 'https://example.org/first' });
  await expect(first.getByRole('link')).toHaveAttribute('href', 'https://example.org/first');
  await expect(gallery.getByRole('button', { name: 'Show older' })).toHaveCount(0);
  await first.getByRole('button', { name: 'Go to the message' }).click();
  await expect(inbox.bubble('Before anything else')).toBeInViewport();
});

test('a voice note is heard in the panel, and whatever played in the thread falls silent', async ({
  agent,
  customer,
}) => {
  const page = await agent('Ana', { viewport: { width: 1440, height: 900 } });
  const name = newName('Gallery Voice');
  const vera = customer(name);
  const audio = { data: voiceNote().toString('base64'), mime_type: 'audio/ogg; codecs=opus', voice: true };
  await vera.delivers({ type: 'audio', audio });
  const inbox = new InboxPage(page);
  await inbox.open(name);
  const gallery = page.getByRole('region', { name: 'Media, files, links' });
  await gallery.getByRole('tab', { name: 'Files' }).click();
  const item = gallery.locator('[data-gallery-item]');
  await expect(item).toContainText('Voice message');
  await expect(item).toContainText(/0:0[1-9]/);
  expect(await violations(page)).toEqual([]);

  const bubble = inbox.log.locator('[data-player]');
  await bubble.getByRole('button', { name: 'Play' }).click();
  await expect(bubble.locator('audio')).toHaveJSProperty('paused', false);
  await item.getByRole('button', { name: 'Play' }).click();
  await expect(item.locator('audio')).toHaveJSProperty('paused', false);
  await expect(bubble.locator('audio')).toHaveJSProperty('paused', true);
  await item.getByRole('button', { name: 'Pause' }).click();
  await expect(item.locator('audio')).toHaveJSProperty('paused', true);

  for (let n = 0; n < 12; n += 1) await vera.writes(`Line ${n}\n\n\nand more`);
  await expect(inbox.bubble('Line 11')).toBeInViewport();
  await item.getByRole('button', { name: 'Go to the message' }).click();
  await expect(bubble).toBeInViewport();
});

test('the panel says that it could not load, and tries again', async ({ agent, customer }) => {
  const page = await agent('Ana', { serviceWorkers: 'block', viewport: { width: 1440, height: 900 } });
  const name = newName('Gallery Fail');
  await customer(name).writes('Hello');
  await page.route('**/gallery?*', (route) => route.fulfill({ status: 503, json: { code: 'service.unavailable' } }));
  const inbox = new InboxPage(page);
  await inbox.open(name);
  const gallery = page.getByRole('region', { name: 'Media, files, links' });
  await expect(gallery.getByRole('alert')).toContainText('could not be loaded', { timeout: 30_000 });
  await page.unroute('**/gallery?*');
  await gallery.getByRole('button', { name: 'Try again' }).click();
  await expect(gallery.getByText('No pictures or videos yet')).toBeVisible();
});
