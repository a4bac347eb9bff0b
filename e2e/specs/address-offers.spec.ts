import { offerStory as it } from '../fixtures/offer-story.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

it.describe('a customer in India', () => {
  it.use({ prefix: '9198' });

  it('is asked for the address, fills in the form on the phone, and it comes back', async ({ story }) => {
    const { inbox, dialog, phone } = story;
    await story.open('Ask for an address');
    await dialog.getByRole('textbox', { name: 'Text' }).fill('Where shall we deliver the atlas?');
    await dialog.getByText('What you know of the address already').click();
    await dialog.getByLabel('PIN code').fill('4110012');
    await expect(dialog.getByText('One character too many')).toBeVisible();
    await dialog.getByLabel('PIN code').fill('411001');
    await expect(dialog.getByText('One character too many')).toHaveCount(0);
    await dialog.getByLabel('City').fill('Pune');
    await expect(dialog.locator('figure')).toContainText('Provide address');
    await story.send();
    await expect
      .poll(() => story.last())
      .toMatchObject({
        interactive: {
          type: 'address_message',
          action: { parameters: { country: 'IN', values: { in_pin_code: '411001', city: 'Pune' } } },
        },
      });
    await expect(inbox.bubble('Where shall we deliver')).toContainText('Provide address');

    await phone.getByRole('button', { name: 'Provide address' }).press('Enter');
    const form = phone.page().getByRole('dialog');
    await expect(form.getByLabel('City')).toHaveValue('Pune');
    await form.getByLabel('Name', { exact: true }).fill('Asha Rao');
    await form.getByLabel('Phone number').fill('+91 98765 43210');
    await form.getByLabel('Address', { exact: true }).fill('12 Lakshmi Road');
    await form.getByRole('button', { name: 'Send' }).press('Enter');
    const reply = inbox.log.getByRole('region', { name: 'Address' });
    await expect(reply).toContainText('12 Lakshmi Road');
    await expect(reply).toContainText('411001');
    await expect(phone.getByRole('button', { name: 'Provide address' })).toBeDisabled();
  });
});

test('a customer elsewhere is not asked for an address, and the menu says why', async ({ agent, customer }) => {
  const inbox = new InboxPage(await agent('Ana'));
  const mia = customer(newName('Mia Elsewhere'));
  await mia.writes('Hello?');
  await inbox.open(mia.name);
  await inbox.page.getByRole('button', { name: 'More to send' }).click();
  const entry = inbox.page.getByRole('menuitem', { name: 'Ask for an address' });
  await expect(entry).toBeDisabled();
  await expect(entry).toContainText('India only (+91)');
});
