import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { cannedReply } from '../fixtures/canned.ts';
import { expect, test } from '../fixtures/parley.ts';
import { newName } from '../pages/inbox.page.ts';
import { walkDesk, walkRooms, walkSettings } from '../pages/screens.ts';

const fits = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    document.documentElement.scrollWidth > innerWidth
      ? [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .slice(0, 5)
          .map((element) => `too wide: ${element.outerHTML.slice(0, 150)}`)
      : [],
  );

const WALKS: { title: string; options: object; look: (page: Page) => Promise<string[]> }[] = [
  { title: 'axe finds nothing in the light', options: { colorScheme: 'light' }, look: violations },
  { title: 'axe finds nothing in the dark', options: { colorScheme: 'dark' }, look: violations },
  // A window of 1280 × 1024 at 400 %.
  { title: 'nothing is lost at 400 %', options: { viewport: { width: 320, height: 256 } }, look: fits },
  {
    title: 'nothing is lost at 320 px, from right to left',
    options: { viewport: { width: 320, height: 640 }, locale: 'ar-EG' },
    look: fits,
  },
];

for (const { title, options, look } of WALKS)
  test(`on every screen ${title}`, async ({ agent, customer, request }) => {
    test.setTimeout(240_000);
    await cannedReply(request, { shortcut: 'reach', title: 'Reach', body: 'Within {{contact.name|your}} reach.' });
    const page = await agent('Ana', {
      viewport: { width: 1_440, height: 900 },
      locale: 'en-GB',
      reducedMotion: 'reduce',
      ...options,
    });
    const problems: Record<string, string[]> = {};
    const visit = async (name: string) => {
      const found = await look(page);
      if (found.length > 0) problems[name] = [...new Set(found)];
      const folder = process.env['PARLEY_SHOTS'];
      if (folder)
        await page.screenshot({
          path: `${folder}/${title.replaceAll(/\W+/g, '-')}-${name.replaceAll(/\W+/g, '-')}.png`,
        });
    };

    const name = newName('Reach Rae');
    await customer(name).writes('Can everybody read this?');
    await page.goto('/inbox/all');
    const row = page.locator('#list a:has(time)').filter({ hasText: name });
    const path = (await row.getAttribute('href')) ?? '';
    await page.goto(path);
    await page.getByRole('log').focus();
    await page.keyboard.press('c');
    await walkDesk(page, path, visit);
    await walkRooms(page, visit);
    await walkSettings(page, visit);
    await page.goto('/nowhere');
    await expect(page.locator('h1')).toBeVisible();
    await visit('not found');
    expect(problems).toEqual({});
  });
