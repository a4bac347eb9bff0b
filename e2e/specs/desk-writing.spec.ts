import { cannedReply } from '../fixtures/canned.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

test('a ready-made reply is found with a slash and filled in for the customer', async ({
  agent,
  customer,
  request,
}) => {
  const body = 'Hello {{contact.name|there}}, we open at nine.';
  await cannedReply(request, { shortcut: 'opening', title: 'Opening hours', body });
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Slash Sol');
  const sol = customer(name);
  await sol.writes('When do you open?');
  await ana.open(name);

  await ana.composer.pressSequentially('/openi');
  await expect(ana.page.getByRole('option', { name: /Opening hours/ })).toHaveAttribute('aria-selected', 'true');
  const option = await ana.page.getByRole('option', { name: /Opening hours/ }).getAttribute('id');
  await expect(ana.composer).toHaveAttribute('aria-activedescendant', option ?? '-');
  await ana.composer.press('Enter');
  await expect(ana.composer).toHaveValue(`Hello ${name}, we open at nine.`);
  await ana.composer.press('Enter');
  await expect(ana.bubble(`Hello ${name}, we open at nine.`)).toContainText('Read');
  expect(await sol.texts()).toContain(`Hello ${name}, we open at nine.`);
});

test('what is not filled in keeps a reply from leaving', async ({ agent, customer, request }) => {
  await cannedReply(request, { shortcut: 'parcel', title: 'Parcel', body: 'Parcel {{number}} is on its way.' });
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Blank Bo');
  const bo = customer(name);
  await bo.writes('Where is it?');
  await ana.open(name);
  await ana.composer.pressSequentially('/parcel');
  await expect(ana.page.getByRole('option', { name: /Parcel/ })).toHaveCount(1);
  await ana.composer.press('Enter');
  await ana.composer.press('Enter');
  await expect(ana.page.getByText('Fill in before sending:')).toBeVisible();
  await expect(ana.composer).toHaveValue('Parcel {{number}} is on its way.');

  await ana.reply('Parcel 17 is on its way.');
  await expect(ana.bubble('Parcel 17 is on its way.')).toContainText('Read');
  expect((await bo.texts()).filter((text) => text.startsWith('Parcel'))).toEqual(['Parcel 17 is on its way.']);
});

test('what is known of the customer is put in where two braces are typed', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Brace');
  await customer(name).writes('Hello?');
  await ana.open(name);
  await ana.composer.pressSequentially('Dear {{first');
  const list = ana.page.getByRole('listbox', { name: 'What is known' });
  await expect(list.getByRole('option', { selected: true })).toContainText('{{contact.first_name}}');
  await ana.composer.press('Enter');
  await expect(ana.composer).toHaveValue('Dear Brace');
});

test('a colleague who has a conversation is asked by a note that names them', async ({ agent, customer }) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const name = newName('Asked Asa');
  await customer(name).writes('Is it ready?');
  await dina.open(name);
  await dina.reply('I will look.');
  await ana.openView(/^All/);
  await ana.open(name);
  await ana.button('Ask').click();
  const note = ana.page.getByRole('textbox', { name: /^Write a note/ });
  await expect(note).toHaveValue('@Dina Haddad ');
  await expect(note).toBeFocused();
});

test('a note with a mention is seen by the colleague at once, and never by the customer', async ({
  agent,
  customer,
}) => {
  const [ana, dina] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Dina'))];
  const name = newName('Secret Sam');
  const sam = customer(name);
  await sam.writes('Is there a discount?');
  for (const inbox of [ana, dina]) await inbox.open(name);

  await ana.log.focus();
  await ana.page.keyboard.press('n');
  const note = ana.page.getByRole('textbox', { name: /^Write a note/ });
  await expect(note).toBeFocused();
  await ana.page.keyboard.type('@Din');
  await expect(ana.page.getByRole('option', { name: 'Dina Haddad' })).toHaveAttribute('aria-selected', 'true');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('ten per cent at most');
  await ana.page.keyboard.press('Enter');

  for (const inbox of [ana, dina]) {
    await expect(inbox.bubble('@Dina Haddad ten per cent at most')).toHaveCount(1);
    await expect(inbox.bubble('@Dina Haddad ten per cent at most')).toContainText('Only your team sees this');
  }
  await ana.page.getByRole('button', { name: 'Reply', exact: true }).first().click();
  await ana.reply('I will ask.');
  await expect(ana.bubble('I will ask.')).toContainText('Read');
  expect(await sam.texts()).not.toContainEqual(expect.stringContaining('ten per cent'));
});

test('one chord sends and resolves', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Done Dora');
  const dora = customer(name);
  await dora.writes('That was all, thanks');
  await ana.open(name);
  await ana.composer.fill('Goodbye!');
  await ana.composer.press('Control+Shift+Enter');
  await expect(ana.header).toContainText('Resolved');
  expect(await dora.texts()).toContain('Goodbye!');
});

test('the menu beside Send sends and offers to snooze', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Later Lea');
  const lea = customer(name);
  await lea.writes('Can you look tomorrow?');
  await ana.open(name);
  await ana.composer.fill('I will.');
  await ana.button('More ways to send').click();
  await ana.page.getByRole('menuitem', { name: /Send and snooze/ }).click();
  await ana.page.getByRole('menuitem', { name: /Tomorrow/ }).click();
  await expect(ana.header).toContainText('Snoozed');
  expect(await lea.texts()).toContain('I will.');
});

test('a reply that is taken back in time never leaves, and its words stand in the field again', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  await ana.page.evaluate(() => localStorage.setItem('parley.undoSend', '10'));
  await ana.page.reload();
  const name = newName('Hasty Hal');
  const hal = customer(name);
  await hal.writes('How much is it?');
  await ana.open(name);
  await ana.reply('Ten thousand euros');
  const held = ana.bubble('Ten thousand euros');
  await expect(held).toContainText(/Leaves in \d+ second/);
  await held.getByRole('button', { name: 'Undo' }).click();
  await expect(ana.log).toContainText('You took a message back before it left');
  await expect(ana.composer).toHaveValue('Ten thousand euros');

  // By key, and what follows leaves in its own time: the first one is not among what the customer gets.
  await ana.composer.fill('One');
  await ana.composer.press('Enter');
  await expect(ana.bubble('One')).toContainText(/Leaves in/);
  await ana.composer.press('Control+z');
  await expect(ana.composer).toHaveValue('One');
  await ana.page.evaluate(() => localStorage.setItem('parley.undoSend', '0'));
  await ana.page.reload();
  await expect(ana.composer).toHaveValue('One');
  await ana.reply('Ten euros');
  await expect(ana.bubble('Ten euros')).toContainText('Read');
  expect((await hal.texts()).filter((text) => /Ten|One/.test(text))).toEqual(['Ten euros']);
});

test('drafts of reply and note survive a reload, another thread and another browser', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const [name, other] = [newName('Draft Di'), newName('Other Olu')];
  await customer(name).writes('A long question');
  await customer(other).writes('Another one');
  await ana.open(name);
  await ana.composer.fill('Half a reply');
  await ana.page.getByRole('button', { name: 'Note', exact: true }).click();
  const note = (inbox: InboxPage) => inbox.page.getByRole('textbox', { name: /^Write a note/ });
  const kept = ana.page.waitForResponse(
    (answer) => /drafts?/.test(answer.url()) && (answer.request().postData() ?? '').includes('Half a note'),
  );
  await note(ana).fill('Half a note');
  await kept;

  await ana.open(other);
  await expect(ana.composer).toHaveValue('');
  await expect(ana.row(name)).toContainText('Half a');
  await ana.page.reload();
  await ana.open(name);
  await expect(ana.composer).toHaveValue('Half a reply');
  await ana.page.getByRole('button', { name: 'Note', exact: true }).click();
  await expect(note(ana)).toHaveValue('Half a note');

  const elsewhere = new InboxPage(await agent('Ana'));
  await elsewhere.open(name);
  await expect(elsewhere.composer).toHaveValue('Half a reply');
  await elsewhere.reply('A whole reply');
  await expect(elsewhere.bubble('A whole reply')).toContainText('Read');
  await ana.page.getByRole('button', { name: 'Reply', exact: true }).first().click();
  await expect(ana.composer).toHaveValue('');
});

test('words from another browser move nothing of an open thread until its field is touched', async ({
  agent,
  customer,
}) => {
  const [ana, elsewhere] = [new InboxPage(await agent('Ana')), new InboxPage(await agent('Ana'))];
  const name = newName('Still Stan');
  await customer(name).writes('Take your time');
  for (const inbox of [ana, elsewhere]) await inbox.open(name);
  await ana.log.focus();
  const height = () => ana.composer.evaluate((field) => field.clientHeight);
  const before = await height();
  const words = 'One\nTwo\nThree\nFour';
  await elsewhere.composer.fill(words);
  await expect.poll(() => elsewhere.composer.evaluate((field) => field.clientHeight)).toBeGreaterThan(before);
  await expect(ana.composer).toHaveValue(words);
  expect(await height()).toBe(before);
  await ana.composer.focus();
  await expect.poll(height).toBeGreaterThan(before);
});

test('an emoji is found by its name, and a time of day asks for none', async ({ agent, customer }) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Emoji Emi');
  const emi = customer(name);
  await emi.writes('When?');
  await ana.open(name);
  const list = ana.page.getByRole('listbox', { name: 'Emoji' });
  await ana.composer.pressSequentially('At 10:30 or at :45 :D');
  await expect(list).toHaveCount(0);
  await ana.composer.fill('');
  await ana.composer.pressSequentially('See you :smi');
  await expect(list.getByRole('option', { selected: true })).toContainText(':smi');
  await ana.composer.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(ana.composer).toHaveValue('See you :smi');
  await ana.composer.pressSequentially('l');
  const sign = (await list.getByRole('option', { selected: true }).locator('span').first().textContent()) ?? '';
  await ana.composer.press('Enter');
  await expect(list).toHaveCount(0);
  await expect(ana.composer).toHaveValue(`See you ${sign}`);
  await ana.composer.press('Enter');
  await expect(ana.bubble(`See you ${sign}`)).toBeVisible();
  await expect.poll(() => emi.texts()).toContain(`See you ${sign}`);
});
