import { violations } from '../fixtures/axe.ts';
import { offerStory as it } from '../fixtures/offer-story.ts';
import { expect } from '../fixtures/parley.ts';

it('an answer becomes an attribute by a rule, another one by hand; the panel shows both', async ({ story, agent }) => {
  // Three screens, one after the other.
  it.slow();
  const { inbox, dialog, phone } = story;
  const admin = await agent('Ana');
  const rule = { field: 'wish', attribute: `Wish of ${story.mia.name}`, form: `form of ${story.mia.name}` };
  await admin.goto('/settings/answers');
  await admin.getByLabel('Answer', { exact: true }).fill(rule.field);
  await admin.getByLabel('Attribute', { exact: true }).fill(rule.attribute);
  await admin.getByLabel('Form', { exact: true }).fill(rule.form);
  await admin.getByRole('button', { name: 'Add a rule' }).click();
  const line = admin.getByRole('listitem').filter({ hasText: rule.attribute });
  await expect(line).toContainText(`Form ${rule.form}`);
  expect(await violations(admin)).toEqual([]);
  await admin.screenshot({ path: it.info().outputPath('answers.png') });

  await story.open('Form');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('What may we get you?');
  await dialog.getByLabel('Words on the button').fill('Tell us');
  await dialog.getByLabel('Form', { exact: true }).fill(rule.form);
  await story.send();
  await phone.getByRole('button', { name: 'Tell us' }).press('Enter');
  const form = phone.page().getByRole('dialog');
  await form.getByLabel('Your name').fill('Mia');
  await form.getByLabel('What would you like?').fill('A desk globe');
  await form.getByRole('button', { name: 'Send' }).click();

  const panel = inbox.page.locator('dl').filter({ hasText: rule.attribute });
  await expect(panel).toContainText('A desk globe');
  await inbox.log.getByRole('button', { name: 'Save “name” to the contact' }).click();
  await expect(inbox.log.getByRole('button', { name: '“name” is saved to the contact' })).toBeVisible();
  await expect(panel).toContainText('Mia');
  await inbox.page.screenshot({ path: it.info().outputPath('thread.png') });

  await line.getByRole('button', { name: 'Remove the rule' }).click();
  await expect(line).toHaveCount(0);
});
