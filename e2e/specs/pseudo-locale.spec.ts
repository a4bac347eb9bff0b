import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures/parley.ts';
import { cannedReply } from '../fixtures/canned.ts';
import { PSEUDO_LETTER, pseudo, speakPseudo } from '../fixtures/pseudo-locale.ts';
import { newName } from '../pages/inbox.page.ts';
import { walkDesk, walkRooms, walkSettings } from '../pages/screens.ts';

/** Where data may stand: what people wrote, names, times and addresses, keys, and languages in their own words. */
const DATA = '[dir=auto], [dir=ltr]:not(html), bdi, time, kbd, code, pre, [lang]:not(html), [translate=no]';
const NAMES = 'Parley|Lantern Books|Ana Souza|Ben Okafor|Chen Wei|Dina Haddad|Pseudo Pat \\w+:';
/** The day in the browser's words, the browser's own name, what Meta calls an item, addresses. */
const OTHERS = 'Today|Chrome · Linux|message|status|[\\w.+-]+@[\\w.-]+';
const VALUES = new RegExp(`^(?:(?:${NAMES}|${OTHERS})$|https?:|wa\\.me)`);

/** Texts and labels on the page that no language file has, and texts that are cut off. */
const look = (page: Page): Promise<string[]> =>
  page.evaluate(
    ([letter, data, values]) => {
      const isPseudo = new RegExp(letter, 'u');
      const isValue = new RegExp(values);
      const found: string[] = [];
      const isShown = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
      const where = (element: Element): string =>
        `<${element.tagName.toLowerCase()} class="${element.getAttribute('class')?.slice(0, 60) ?? ''}">`;
      const isRaw = (text: string): boolean => /[A-Za-z]{2}/.test(text) && !isPseudo.test(text) && !isValue.test(text);

      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const parent = node.parentElement;
        const text = node.textContent?.trim() ?? '';
        if (!parent || text === '' || parent.closest('script, style') || !isShown(parent)) continue;
        if (!parent.closest(data) && isRaw(text)) found.push(`raw: ${text} in ${where(parent)}`);
      }
      for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
          const text = element.getAttribute(name) ?? '';
          if (isShown(element) && !element.matches(data) && isRaw(text)) found.push(`raw ${name}: ${text}`);
        }

      for (const element of document.querySelectorAll<HTMLElement>('body *')) {
        const style = getComputedStyle(element);
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
        if (!hasText || !isShown(element) || element.clientWidth <= 1 || element.closest('svg')) continue;
        if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') continue;
        if (/auto|scroll/.test(style.overflowX)) continue;
        if (element.scrollWidth > element.clientWidth + 1)
          found.push(`cut: ${element.textContent?.trim().slice(0, 60) ?? ''} in ${where(element)}`);
        if (element.matches('button, a, [role=menuitem]') && element.scrollHeight > element.clientHeight + 2)
          found.push(`too high: ${element.textContent?.trim().slice(0, 60) ?? ''} in ${where(element)}`);
      }
      if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
      return [...new Set(found)];
    },
    [PSEUDO_LETTER, DATA, VALUES.source] as const,
  );

test('the pseudo-locale is longer and without a plain letter', () => {
  const text = 'Claim the next of the queue';
  expect(pseudo(text)).not.toMatch(/[A-Za-z]/);
  expect(pseudo(text).length).toBeGreaterThanOrEqual(text.length * 1.3);
});

test('plain words and cut-off texts are noticed', async ({ page, baseURL }) => {
  await page.goto(`${baseURL ?? ''}/sign-in`);
  await expect(page.locator('form')).toBeVisible();
  await page.evaluate(() => {
    const narrow = document.createElement('button');
    narrow.textContent = 'Ŕéšóľṽé ťĥé çóñṽéŕšáťíóñ';
    narrow.setAttribute('aria-label', 'Plain label');
    for (const [name, value] of [
      ['width', '40px'],
      ['overflow', 'hidden'],
      ['white-space', 'nowrap'],
    ])
      narrow.style.setProperty(name ?? '', value ?? '');
    document.querySelector('form')?.append(narrow);
  });
  const found = await look(page);
  expect(found).toContainEqual(expect.stringMatching(/^raw: Sign in in/));
  expect(found).toContainEqual(expect.stringMatching(/^raw aria-label: Plain label/));
  expect(found).toContainEqual(expect.stringMatching(/^cut: Ŕéšóľṽé/));
});

for (const width of [1_440, 390])
  test(`every text comes from a language file, and fits when it is 40 % longer: ${String(width)} px`, async ({
    agent,
    browser,
    baseURL,
    customer,
    request,
  }) => {
    test.setTimeout(180_000);
    const problems: Record<string, string[]> = {};
    const visitOf = (page: Page) => async (name: string) => {
      const found = await look(page);
      if (found.length > 0) problems[name] = found;
      if (process.env['PARLEY_SHOTS'])
        await page.screenshot({
          path: `${process.env['PARLEY_SHOTS']}/pseudo-${String(width)}-${name.replaceAll(/\W+/g, '-')}.png`,
        });
    };
    const options = { viewport: { width, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' as const };

    const door = await browser.newContext({ baseURL, ...options });
    await speakPseudo(door);
    const visitor = await door.newPage();
    await visitor.goto('/sign-in');
    await expect(visitor.locator('form')).toBeVisible();
    await visitOf(visitor)('sign-in');
    await visitor.goto('/nowhere');
    await expect(visitor.locator('h1')).toBeVisible();
    await visitOf(visitor)('not found');
    await door.close();

    await cannedReply(request, { shortcut: 'fits', title: 'It fits', body: 'It does, {{contact.name|there}}.' });
    const page = await agent('Ana', options);
    await customer(newName('Pseudo Pat')).writes('Does it fit?');
    await speakPseudo(page.context());
    await page.reload();
    await page.goto('/inbox/all');
    const row = page.locator('#list a:has(time)').filter({ hasText: 'Pseudo Pat' }).first();
    await expect(row).toBeVisible();
    const path = (await row.getAttribute('href')) ?? '';
    await row.click();
    await page.getByRole('log').focus();
    await page.keyboard.press('c');
    await walkDesk(page, path, visitOf(page));
    await walkRooms(page, visitOf(page));
    await walkSettings(page, visitOf(page));
    expect(problems).toEqual({});
  });
