import { expect, test } from '../fixtures/parley.ts';

test.describe('what npm start brings up', () => {
  test('is ready, with its services', async ({ request }) => {
    const response = await request.get('/api/health/ready');
    expect(response.status()).toBe(200);
    expect(await response.json()).toMatchObject({ ready: true });
  });

  test('serves the console under a strict policy that nothing on the page violates', async ({ page }) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) problems.push(message.text());
    });
    const response = await page.goto('/');
    expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
    await expect(page).toHaveTitle(/Parley/);
    expect(problems).toEqual([]);
  });

  test('shows the customers’ phones', async ({ page, instance }) => {
    await page.goto(instance.simulatorUrl);
    await expect(page.getByRole('textbox').first()).toBeVisible();
  });

  test('documents its API', async ({ request }) => {
    const response = await request.get('/api/openapi.json');
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
  });
});
