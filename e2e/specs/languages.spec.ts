import { expect, test } from '../fixtures/parley.ts';

test('a language picked at the door holds in the console, and in every other browser', async ({
  agent,
  browser,
  instance,
}) => {
  const { email, password } = instance.signIns.find(({ name }) => name.startsWith('Chen')) ?? {
    email: '',
    password: '',
  };
  const context = await browser.newContext({ baseURL: instance.url, locale: 'en-GB' });
  const page = await context.newPage();
  const html = page.locator('html');
  await page.goto('/sign-in');
  await expect(html).toHaveAttribute('lang', 'en');

  await page.getByRole('button', { name: 'العربية' }).click();
  await expect(html).toHaveAttribute('dir', 'rtl');
  await page.getByRole('button', { name: 'Español' }).click();
  await expect(html).toHaveAttribute('lang', 'es');
  await expect(html).toHaveAttribute('dir', 'ltr');
  await expect(page.getByRole('button', { name: 'Español' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByLabel('Correo electrónico').fill(email);
  await page.getByLabel('Contraseña', { exact: true }).fill(password);
  const kept = page.waitForResponse(
    (answer) => answer.url().endsWith('/preferences') && answer.request().method() !== 'GET',
  );
  await page.getByRole('button', { name: 'Iniciar sesión' }).click();
  await expect(page.getByRole('navigation', { name: 'Vistas' })).toBeVisible();
  expect((await kept).ok()).toBe(true);
  await context.close();

  const elsewhere = await agent('Chen', { locale: 'en-GB' });
  await expect(elsewhere.locator('html')).toHaveAttribute('lang', 'es');
  await elsewhere.goto('/settings/profile');
  await elsewhere.getByLabel('Idioma').selectOption('Português');
  await expect(elsewhere.getByRole('heading', { name: 'Perfil' })).toBeVisible();
  await expect(elsewhere.locator('html')).toHaveAttribute('lang', 'pt-BR');
  // Other tests read English.
  const back = elsewhere.waitForResponse((answer) => answer.request().postData()?.includes('"en"') ?? false);
  await elsewhere.getByLabel('Idioma').selectOption('English');
  await back;
});

for (const [locale, lang, dir] of [
  ['es-MX', 'es', 'ltr'],
  ['pt-PT', 'pt-BR', 'ltr'],
  ['ar-EG', 'ar', 'rtl'],
  ['fr-FR', 'en', 'ltr'],
] as const)
  test(`a browser in ${locale} is greeted in ${lang}`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL, locale });
    const page = await context.newPage();
    await page.goto('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
    await expect(page.locator('html')).toHaveAttribute('dir', dir);
    await context.close();
  });
