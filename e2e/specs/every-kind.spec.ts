import { violations } from '../fixtures/axe.ts';
import { everyKind } from '../fixtures/every-kind.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

/** Pixels in which the whole thread stands without scrolling. */
const TALL = 2_600;

test('whatever a customer’s phone can send has a face, in both directions of reading and in the dark', async ({
  agent,
  customer,
}) => {
  const inbox = new InboxPage(
    await agent('Ana', { reducedMotion: 'reduce', viewport: { width: 1_280, height: TALL } }),
  );
  const name = newName('Kinds Kim');
  const kim = customer(name);
  for (const message of everyKind()) await kim.delivers(message);
  await inbox.open(name);

  const said = [
    ['Hello! I want the list', 'Came by an advertisement', 'Chat with a bookseller'],
    ['Is this available in hardcover?', 'Asks about product LGB-ATLAS-07'],
    ['Everybody sends me this', 'Forwarded many times'],
    ['Gift wrap please', 'LGB-MAP-22', '3 × €0.10', '€40.20'],
    ['window seat', 'party size', '4'],
    ['Address', 'Mumbai', 'city'],
    ['Does not want to be called'],
    ['Yes, please'],
    ['Saturday', '10 to 18'],
    ['Stop promotions'],
    ['This kind is not supported.', 'WhatsApp does not hand this over'],
  ];
  for (const [first = '', ...others] of said) {
    const bubble = inbox.bubble(first);
    for (const other of others) await expect(bubble).toContainText(other);
    await expect(bubble).not.toContainText('flow_token');
  }
  await expect(inbox.bubble('Chat with a bookseller').getByRole('link', { name: /Open where/ })).toHaveAttribute(
    'href',
    'https://fb.me/4kPz81qLw',
  );
  await expect(inbox.bubble('Chat with a bookseller').getByRole('link', { name: /See its picture/ })).toHaveAttribute(
    'href',
    'https://scontent.example.net/autumn.jpg',
  );
  expect(await violations(inbox.page)).toEqual([]);
  await inbox.page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(inbox.page)).toEqual([]);
});

test('what a customer edits changes for everybody, what they delete is gone; who answers for it can look back', async ({
  agent,
  customer,
  instance,
}) => {
  const supervisor = instance.signIns.find(({ role }) => role === 'supervisor')?.name ?? '';
  const [inbox, overseer] = [new InboxPage(await agent('Chen')), new InboxPage(await agent(supervisor))];
  const name = newName('Edit Edda');
  const edda = customer(name);
  const [colour, secret] = [await edda.writes('The RED atlas, please'), await edda.writes('My card is 4111')];
  for (const one of [inbox, overseer]) await one.open(name);
  await edda.delivers({
    type: 'edit',
    edit: { original_message_id: colour, message: { type: 'text', text: { body: 'The GREEN atlas, please' } } },
  });
  await edda.delivers({ type: 'revoke', revoke: { original_message_id: secret } });

  for (const one of [inbox, overseer]) {
    await expect(one.bubble('The GREEN atlas, please')).toContainText('Edited');
    await expect(one.bubble('The customer deleted this message')).toHaveCount(1);
    await expect(one.bubble(/RED|4111/)).toHaveCount(0);
  }
  const information = async (one: InboxPage) => {
    await one.bubble('The customer deleted this message').hover();
    await one.bubble('The customer deleted this message').getByRole('button', { name: /More/ }).click();
    await one.page.getByRole('menuitem', { name: 'Message details' }).click();
    return one.page.getByRole('dialog');
  };
  const theirs = await information(overseer);
  await expect(theirs.getByRole('region', { name: 'What it said before' })).toContainText('My card is 4111');
  const mine = await information(inbox);
  await expect(mine).toContainText('Received');
  await expect(mine).not.toContainText('4111');
});

test('a contact card that a customer shares is kept as a file, and leads to the conversation with that person', async ({
  agent,
  customer,
}) => {
  const inbox = new InboxPage(await agent('Chen'));
  const [sharer, shared] = [customer(newName('Card Carl')), customer(newName('Card Cora'))];
  await shared.writes('I am here already');
  const stranger = '+447700900987';
  await sharer.delivers({
    type: 'contacts',
    contacts: [
      { name: { formatted_name: 'Cora Vale' }, phones: [{ phone: `+${shared.phone}`, wa_id: shared.phone }] },
      { name: { formatted_name: 'Nora Nobody' }, phones: [{ phone: stranger }] },
    ],
  });
  await inbox.open(sharer.name);
  const downloading = inbox.page.waitForEvent('download');
  await inbox.page.getByRole('button', { name: 'Save the card of Cora Vale' }).click();
  expect((await downloading).suggestedFilename()).toBe('Cora Vale.vcf');
  await inbox.page.getByRole('button', { name: 'Go to the conversation with Nora Nobody' }).click();
  const notice = `There is no conversation with ${stranger} here yet.`;
  await expect(inbox.page.getByText(notice, { exact: true })).toBeVisible();
  await inbox.page.getByRole('button', { name: 'Write to them' }).click();
  const dialog = inbox.page.getByRole('dialog', { name: 'Write to a customer first' });
  await expect(dialog.getByLabel('Phone number')).toHaveValue(stranger);
  await expect(dialog).toContainText('Nora Nobody');
  await dialog.getByRole('button', { name: 'Choose a template' }).click();
  await expect(inbox.page.getByRole('dialog')).toContainText('Nora Nobody');
  await inbox.page.keyboard.press('Escape');
  await expect(inbox.page.getByRole('dialog')).toHaveCount(0);
  await inbox.page.getByRole('button', { name: 'Go to the conversation with Cora Vale' }).click();
  await expect(inbox.bubble('I am here already')).toBeVisible();
});
