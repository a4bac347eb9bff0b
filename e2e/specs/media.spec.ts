import { pngPicture, shortFiles } from '../fixtures/media-samples.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

// A microphone that hums by itself, and nobody to be asked for it.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({
      ...launchOptions,
      args: [
        ...(launchOptions.args ?? []),
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
      ],
    });
  },
});

test('photos and voice notes, both ways', async ({ agent, customer, request, instance }) => {
  const inbox = new InboxPage(await agent('Ana', { permissions: ['microphone'] }));
  await expect(inbox.connection).toHaveText('Live');
  const name = newName('Mia Media');
  const mia = customer(name);
  await mia.delivers({
    type: 'image',
    image: { data: pngPicture(320, 240).toString('base64'), mime_type: 'image/png', caption: 'My shelf' },
  });
  await inbox.open(name);
  const photo = inbox.log.getByRole('button', { name: 'Open Photo' });
  await expect(photo.locator('img')).toHaveJSProperty('naturalWidth', 320);

  await photo.click();
  const viewer = inbox.page.getByRole('dialog', { name: /Photos and videos/ });
  await expect(viewer.locator('img')).toHaveJSProperty('naturalWidth', 320);
  await inbox.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(photo).toBeFocused();

  await inbox.composer.focus();
  await inbox.page.evaluate(
    (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], 'shelf.png', { type: 'image/png' }));
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    },
    pngPicture(200, 300, 200).toString('base64'),
  );
  const tray = inbox.page.getByRole('list', { name: 'Files to send' });
  await expect(tray.getByRole('listitem')).toHaveCount(1);
  await tray.getByRole('textbox', { name: /Caption for/ }).fill('Like this?');
  await inbox.page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(tray).toHaveCount(0);
  const sent = inbox.bubble('Like this?');
  await expect(sent).toContainText('Read');
  await expect(sent.locator('img')).toHaveJSProperty('naturalWidth', 200);

  await inbox.page.getByRole('button', { name: 'Record a voice note' }).click();
  await expect(inbox.page.getByRole('timer')).toHaveText(/0:0[2-9]/);
  await inbox.page.getByRole('button', { name: 'Stop' }).click();
  await inbox.page.getByRole('button', { name: 'Send the voice note' }).click();
  const note = inbox.log.getByRole('article').filter({ has: inbox.page.locator('[data-player]') });
  await expect(note).toContainText(/Read|Played/);

  const [first, second] = (await mia.received()).map(({ body }) => body).filter(({ type }) => type !== 'text');
  expect(first).toMatchObject({ type: 'image', image: { caption: 'Like this?' } });
  expect(second).toMatchObject({ type: 'audio', audio: { voice: true } });
  const id = (second?.['audio'] as { id: string }).id;
  const heard = await request.get(`${instance.simulatorUrl}/phones/media/${id}`);
  const bytes = await heard.body();
  expect(heard.headers()['content-type']).toContain('audio/ogg');
  expect(bytes.subarray(28, 36).toString()).toBe('OpusHead');

  // The customer sends the same recording: it is drawn and played here.
  await mia.delivers({
    type: 'audio',
    audio: { data: bytes.toString('base64'), mime_type: 'audio/ogg; codecs=opus', voice: true },
  });
  const theirs = inbox.page.locator('[data-bubble="inbound"] [data-player]');
  await expect(theirs).toHaveCount(1);
  await theirs.getByRole('button', { name: 'Play' }).click();
  await expect(theirs.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(theirs.locator('audio')).toHaveJSProperty('paused', false);

  await inbox.page.getByRole('article').filter({ hasText: 'My shelf' }).hover();
  await inbox.page.getByRole('button', { name: 'React' }).click();
  await inbox.page.getByRole('button', { name: 'React with 👍' }).click();
  await expect(inbox.bubble('My shelf').getByRole('list', { name: 'Reactions' })).toContainText('👍');
  await expect.poll(async () => (await mia.received()).at(-1)?.body.type).toBe('reaction');
});

test('stickers, films, sounds and documents go out from the composer as what they are', async ({ agent, customer }) => {
  const inbox = new InboxPage(await agent('Ana'));
  const mia = customer(newName('Mia Kinds'));
  await mia.writes('Send me all you have');
  await inbox.open(mia.name);
  const files = Object.entries(shortFiles).map(([name, [mimeType, buffer]]) => ({ name, mimeType, buffer }));
  await inbox.page.locator('input[type=file][aria-label="Attach files"]').setInputFiles(files);
  const tray = inbox.page.getByRole('list', { name: 'Files to send' });
  await expect(tray.getByRole('listitem')).toHaveCount(files.length);
  await expect(tray.getByRole('progressbar')).toHaveCount(0);
  await expect(tray.getByRole('status')).toHaveCount(0);
  await inbox.page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(tray).toHaveCount(0);
  await expect
    // The bot greets whoever writes first.
    .poll(async () => (await mia.received()).map(({ body }) => body.type).filter((type) => type !== 'text'))
    .toEqual(['sticker', 'video', 'audio', 'document']);
});
