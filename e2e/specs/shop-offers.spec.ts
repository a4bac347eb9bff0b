import { expect } from '../fixtures/parley.ts';
import { offerStory as it } from '../fixtures/offer-story.ts';

it('a form: its limits while typing, filled in on the phone, the answers come back', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Form');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Shall we keep a table?');
  await dialog.getByLabel('Words on the button').fill('A button of thirty-one letters.');
  await expect(dialog.getByText('One character too many')).toBeVisible();
  await dialog.getByLabel('Words on the button').fill('Book a table');
  await expect(dialog.getByText('One character too many')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog.getByLabel('Form', { exact: true })).toBeFocused();
  await inbox.page.keyboard.type('884100912345');
  await expect(dialog.getByText('Table booking', { exact: true })).toBeVisible();
  await expect(dialog.locator('figure')).toContainText('Book a table');
  await story.send();
  await expect
    .poll(() => story.last())
    .toMatchObject({
      interactive: { type: 'flow', action: { parameters: { flow_id: '884100912345', flow_cta: 'Book a table' } } },
    });
  await expect(inbox.bubble('Shall we keep a table?')).toContainText('Book a table');

  await phone.getByRole('button', { name: 'Book a table' }).press('Enter');
  const form = phone.page().getByRole('dialog');
  await form.getByLabel('Your name').fill('Mia');
  await form.getByLabel('What would you like?').fill('By the window');
  await form.getByRole('button', { name: 'Send' }).click();
  await expect(inbox.log.getByText('By the window')).toBeVisible();

  // The next form from this number begins with the one that was used last.
  await story.open('Form');
  await expect(dialog.getByLabel('Form', { exact: true })).toHaveValue('884100912345');
});

it('a product, which needs no words', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Product');
  // The number's only catalogue is there already, by its name.
  await expect(dialog.getByLabel('Catalogue', { exact: true })).toHaveValue('610038847722091');
  await expect(dialog.getByText('Lantern Books shop', { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog.getByLabel('Product', { exact: true })).toBeFocused();
  await inbox.page.keyboard.type('LGB-ATLAS-07');
  await expect(dialog.getByText('Pocket atlas', { exact: true })).toBeVisible();
  await story.send();
  await expect
    .poll(() => story.last())
    .toMatchObject({
      interactive: {
        type: 'product',
        action: { catalog_id: '610038847722091', product_retailer_id: 'LGB-ATLAS-07' },
      },
    });
  await expect(inbox.bubble('LGB-ATLAS-07')).toContainText('Product');
  await expect(phone.locator('.bubble.business').last()).toContainText('Product LGB-ATLAS-07');
});

it('a list of products: thirty at most, in sections with titles', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('List of products');
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `MAP-${String(from + n)}`).join('\n');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Maps for the harbour');
  await expect(dialog.getByLabel('Catalogue', { exact: true })).toHaveValue('610038847722091');
  await dialog.getByLabel('Heading').fill('New this week');
  await dialog.getByLabel('Ids of the products').fill(ids(1, 31));
  await expect(dialog.getByText('31 of 30')).toBeVisible();
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(dialog.getByText('One product too many')).toBeVisible();
  await dialog.getByLabel('Ids of the products').fill(ids(1, 2));
  await dialog.getByRole('button', { name: 'Add a section' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Section 2', exact: true })).toBeFocused();
  await inbox.page.keyboard.type('Globes');
  await dialog.getByRole('textbox', { name: 'Section 1', exact: true }).fill('Sheets');
  const globes = dialog.getByRole('group', { name: 'Globes' });
  await globes.getByLabel('Add a product').selectOption('Desk globe');
  await expect(dialog.getByLabel('Ids of the products in section 2')).toHaveValue('LGB-GLOBE-03');
  await story.send();
  await expect
    .poll(() => story.last())
    .toMatchObject({
      interactive: {
        type: 'product_list',
        header: { text: 'New this week' },
        action: {
          sections: [
            { title: 'Sheets', product_items: [{ product_retailer_id: 'MAP-1' }, { product_retailer_id: 'MAP-2' }] },
            { title: 'Globes', product_items: [{ product_retailer_id: 'LGB-GLOBE-03' }] },
          ],
        },
      },
    });
  const bubble = inbox.bubble('Maps for the harbour');
  await bubble.getByRole('button', { name: 'Products' }).click();
  await expect(bubble.getByText('LGB-GLOBE-03')).toBeVisible();
  await expect(phone.locator('.bubble.business').last()).toContainText('3 products');
});

it('the catalogue, with a product on its cover', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Catalogue');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('All that we have');
  await dialog.getByLabel('Product on the cover').fill('LGB-ATLAS-07');
  await story.send();
  await expect
    .poll(() => story.last())
    .toMatchObject({
      interactive: {
        type: 'catalog_message',
        action: { parameters: { thumbnail_product_retailer_id: 'LGB-ATLAS-07' } },
      },
    });
  await expect(inbox.bubble('All that we have')).toContainText('Catalogue');
  await expect(phone.getByRole('button', { name: 'View catalogue' })).toBeVisible();
});

it('asking whether we may call, the phone allows it', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Ask whether we may call');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('May we call about your order?');
  await story.send();
  await expect.poll(() => story.last()).toMatchObject({ interactive: { type: 'call_permission_request' } });
  await expect(inbox.bubble('May we call')).toContainText('Allow calls?');
  await phone.getByRole('button', { name: 'Allow calls', exact: true }).press('Enter');
  await expect(phone.getByRole('button', { name: 'Allow calls', exact: true })).toBeDisabled();
});

it('a button that calls, for an hour', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('Call button');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('We are here until six');
  await dialog.getByLabel('Words on the button').fill('A button of 21 letter');
  await expect(dialog.getByText('One character too many')).toBeVisible();
  await dialog.getByLabel('Words on the button').fill('Ring the shop');
  await dialog.getByLabel('The button works for').selectOption('An hour');
  await story.send();
  await expect
    .poll(() => story.last())
    .toMatchObject({
      interactive: {
        type: 'voice_call',
        action: { parameters: { display_text: 'Ring the shop', ttl_minutes: 60 } },
      },
    });
  await expect(inbox.bubble('We are here until six')).toContainText('Ring the shop');
  await expect(phone.getByRole('button', { name: 'Ring the shop' })).toBeVisible();
});

it('an order: picked on the phone from a list of products, its lines and total in the thread', async ({ story }) => {
  const { inbox, dialog, phone } = story;
  await story.open('List of products');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('What shall we put aside?');
  await expect(dialog.getByLabel('Catalogue', { exact: true })).toHaveValue('610038847722091');
  await dialog.getByLabel('Heading').fill('For the harbour');
  await dialog.getByLabel('Ids of the products').fill('LGB-ATLAS-07\nLGB-MAP-22\nLGB-GONE-99');
  await story.send();

  await phone.getByRole('button', { name: 'View items' }).press('Enter');
  const shop = phone.page().getByRole('dialog', { name: 'For the harbour' });
  await expect(shop.getByText('LGB-GONE-99 is not in the catalogue.')).toBeVisible();
  await shop.getByRole('button', { name: 'Place the order' }).press('Enter');
  await expect(shop.getByText('Choose at least one product.')).toBeVisible();
  await shop.getByLabel('Pocket atlas').fill('1');
  await shop.getByLabel('Map of the harbour').fill('3');
  await expect(shop.getByText('Total 53.40 EUR')).toBeVisible();
  await shop.getByLabel('A word to the order').fill('Gift wrap please');
  await shop.getByRole('button', { name: 'Place the order' }).press('Enter');
  await expect(shop).toHaveCount(0);

  const order = inbox.log.getByRole('region', { name: 'Order' });
  await expect(order.getByRole('listitem').filter({ hasText: 'LGB-ATLAS-07' })).toContainText('1 × €39.90');
  await expect(order.getByRole('listitem').filter({ hasText: 'LGB-MAP-22' })).toContainText('3 × €4.50');
  await expect(order).toContainText('€53.40');
  await expect(inbox.bubble('Gift wrap please')).toBeVisible();
});

it('an order from the shop, which nobody had to send', async ({ story }) => {
  const { inbox, phone, mia } = story;
  await phone.getByRole('button', { name: `Attach as ${mia.name}` }).press('Enter');
  await phone.getByRole('button', { name: 'Order from the shop' }).press('Enter');
  const shop = phone.page().getByRole('dialog', { name: 'Shop' });
  await shop.getByLabel('Desk globe').fill('2');
  await shop.getByRole('button', { name: 'Place the order' }).press('Enter');
  await expect(inbox.log.getByRole('region', { name: 'Order' })).toContainText('€170.00');
});
