import type { Page } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { instance } from '../fixtures/instance.ts';
import {
  admin,
  approve,
  endReviews,
  newTemplateName,
  previewOf,
  remove,
  reviews,
} from '../pages/template-making.page.ts';
import { picture } from '../pages/template.page.ts';

const row = (page: Page, name: string) =>
  page.locator('#settings-page').getByRole('listitem').filter({ hasText: name }).first();
test.afterEach(({ request }) => endReviews(request));

async function openForm(page: Page): Promise<void> {
  await page.goto('/settings/templates');
  await page.getByRole('button', { name: 'Make a template' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toBeVisible();
}

test('a template is written with its limits in sight, submitted, approved, and deleted', async ({
  agent,
  request,
}, info) => {
  await reviews(request, { reviewMs: 600_000 });
  const page = await agent(admin());
  const name = newTemplateName('shop_open');
  await openForm(page);
  await expect(previewOf(page)).toContainText('Nothing written yet');
  const submit = page.getByRole('button', { name: 'Submit for review' });
  await submit.click();
  await expect(page.getByText('Fill this in.')).toHaveCount(2);

  await page.getByLabel('Name', { exact: true }).fill('Shop Open');
  await expect(page.getByText('Only small letters, digits and _.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await expect(page.getByText('Fill this in.')).toHaveCount(1);
  await page.getByLabel('Language', { exact: true }).selectOption('en_US');

  const body = page.getByLabel('What it says');
  await body.fill('x'.repeat(1_025));
  await expect(page.getByText('1025 / 1024')).toBeVisible();
  await expect(page.getByText('1 character too long')).toBeVisible();
  await body.fill('{{1}} {{2}} opens');
  await expect(page.getByText('must not begin or end with a variable')).toBeVisible();
  await body.fill('Hello , the shop in Lisbon opens at ten again.');
  await body.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(6, 6));
  await page.getByRole('button', { name: 'Add a variable' }).click();
  await expect(body).toHaveValue('Hello {{1}}, the shop in Lisbon opens at ten again.');
  await page.getByLabel('Sample for {{1}}').fill('Ada');
  const phone = previewOf(page);
  await expect(phone).toContainText('Hello Ada, the shop in Lisbon');
  await expect(phone).not.toContainText('Nothing written yet');

  await page.getByLabel('What stands above the text').selectOption('image');
  await page.locator('input[type=file]').setInputFiles(picture('shop.png'));
  await expect(phone.locator('img')).toBeVisible();
  await page.getByLabel('Small print below the text').fill('Lantern Books');
  await page.getByRole('button', { name: 'Add a link' }).click();
  await page.getByLabel('Words on the button').fill('x'.repeat(26));
  await expect(page.getByText('26 / 25')).toBeVisible();
  await page.getByLabel('Words on the button').fill('See the way');
  await page.getByLabel('Address', { exact: true }).fill('https://lantern.example/{{1}}');
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('Sample for {{1}}').fill('way');
  await page.getByRole('button', { name: 'Add a quick reply' }).click();
  await page.getByRole('group', { name: 'Button 1' }).getByLabel('Words on the button').fill('I shall come');
  await expect(phone).toContainText('I shall come');
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(0);
  await page.screenshot({ path: info.outputPath('form.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);

  await approve(page, request, name);
  await page.screenshot({ path: info.outputPath('approved.png') });
  await remove(page, name);
  await expect(row(page, name)).toHaveCount(0);
});

test('what WhatsApp refuses or rejects is said in words, and mended in the same form', async ({
  agent,
  request,
}, info) => {
  await reviews(request, { reviewMs: 100, verdict: 'REJECTED', reason: 'TAG_CONTENT_MISMATCH' });
  const page = await agent(admin());
  const name = newTemplateName('greeting');
  await openForm(page);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Language', { exact: true }).selectOption('en_US');
  const body = page.getByLabel('What it says');
  await body.fill('Hi {{1}}!');
  await page.getByLabel('Sample for {{1}}').fill('Ada');
  const submit = page.getByRole('button', { name: 'Submit for review' });
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('too many variables for so few words');
  await expect(page.getByRole('alert')).toContainText('Write more words around them');
  await page.screenshot({ path: info.outputPath('refused.png') });
  expect(await violations(page)).toEqual([]);

  await body.fill('Dear {{1}}, we greet you from the shop.');
  await submit.click();
  await expect(page.getByText('WhatsApp rejected this template.')).toBeVisible();
  await expect(page.getByText('Its words do not fit its category or language.')).toBeVisible();

  await reviews(request, { reviewMs: 600_000, verdict: 'APPROVED' });
  await page.getByRole('button', { name: 'Change' }).click();
  await expect(page.getByLabel('What it says')).toHaveValue('Dear {{1}}, we greet you from the shop.');
  await expect(page.getByLabel('Sample for {{1}}')).toHaveValue('Ada');
  await page.getByLabel('What it says').fill('Dear {{1}}, your order waits in the shop.');
  await submit.click();
  await expect(page.getByText('WhatsApp has not approved this template yet.')).toBeVisible();
  await expect(page.locator('#settings-page')).toContainText('your order waits in the shop');

  // The same name and language once more: the one that is there is shown.
  await openForm(page);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Language', { exact: true }).selectOption('en_US');
  await page.getByLabel('What it says').fill('Some other words.');
  await submit.click();
  await expect(page.getByRole('alert')).toContainText('There is a template of that name');
  await page.getByRole('link', { name: 'Show that template' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await expect(page.locator('#settings-page')).toContainText('your order waits in the shop');
});

test('supervisors see templates and change none', async ({ agent }) => {
  const supervisor = instance().signIns.find(({ role }) => role === 'supervisor');
  const page = await agent(supervisor?.name ?? '');
  await page.goto('/settings/templates/1013000000000006');
  await expect(page.locator('#settings-page')).toContainText('order_sent');
  await expect(page.getByRole('button', { name: /Change|Delete/ })).toHaveCount(0);
  await page.goto('/settings/templates');
  await expect(row(page, 'order_sent')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make a template' })).toHaveCount(0);
});

test('the form is accessible in Arabic on a phone', async ({ agent }, info) => {
  const viewport = { width: 390, height: 844 };
  const page = await agent(admin(), { locale: 'ar-EG', colorScheme: 'dark', viewport, reducedMotion: 'reduce' });
  await page.goto('/settings/templates/new');
  await page.locator('textarea').fill('مرحبًا {{1}}، الكتاب جاهز.');
  await expect(page.locator('#settings-page')).toContainText('إرسال للمراجعة');
  await page.screenshot({ path: info.outputPath('arabic.png'), fullPage: true });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
