import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test';
import { instance } from '../fixtures/instance.ts';

/** The installation is shared: no name is used twice. */
export const newTemplateName = (start: string) => `${start}_${crypto.randomUUID().slice(0, 8)}`;

/** Who may make templates. */
export const admin = () => instance().signIns.find(({ role }) => role === 'admin')?.name ?? '';

/** What becomes of what is submitted next, and when; `endReviews` puts it back. */
export const reviews = (request: APIRequestContext, templates: object) =>
  request.post(`${instance().simulatorUrl}/control/faults`, { data: { templates } });

export const endReviews = (request: APIRequestContext) =>
  reviews(request, { reviewMs: 3_000, verdict: 'APPROVED', reason: 'INVALID_FORMAT' });

/** What the phone will show, beside the form and on the template's page. */
export const previewOf = (page: Page): Locator => page.getByRole('group', { name: 'As the phone shows it' });

/** The form of a new template of that kind, in English. */
export async function openForm(page: Page, name: string, kind: string, category = 'Marketing'): Promise<void> {
  await page.goto('/settings/templates/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Language', { exact: true }).selectOption('en_US');
  await page.getByRole('radio', { name: category }).press('Space');
  await page.getByRole('radio', { name: kind }).press('Space');
}

/** Submits it, has it approved, and resolves once the page says so. */
export async function approve(page: Page, request: APIRequestContext, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page).toHaveURL(/\/settings\/templates\/\d+$/);
  await expect(page.getByText('WhatsApp has not approved this template yet.')).toBeVisible();
  await request.post(`${instance().simulatorUrl}/control/templates`, { data: { name, status: 'APPROVED' } });
  await expect(page.locator('#settings-page')).toContainText('Approved');
  await expect(page.getByRole('button', { name: 'Change' })).toBeVisible();
}

/** What is left behind would be in the way of whoever looks for a template. */
export async function remove(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Delete the template' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Delete the template' }).click();
  await expect(page).toHaveURL(/\/settings\/templates$/);
}
