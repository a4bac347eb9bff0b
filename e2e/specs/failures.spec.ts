import type { APIRequestContext, BrowserContextOptions } from '@playwright/test';
import { violations } from '../fixtures/axe.ts';
import type { Customer } from '../fixtures/customer.ts';
import type { Instance } from '../fixtures/instance.ts';
import { expect, test } from '../fixtures/parley.ts';
import { FailuresPage } from '../pages/failures.page.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const supervisorOf = ({ signIns }: Instance): string => signIns.find(({ role }) => role === 'supervisor')?.name ?? '';

/** The simulator refuses what this customer is sent with the code, so often. */
async function refuse(
  { request, instance }: { request: APIRequestContext; instance: Instance },
  { phone }: Customer,
  code: number,
  count = 1,
): Promise<void> {
  const answer = await request.post(`${instance.simulatorUrl}/control/faults`, {
    data: { sends: [{ match: { to: phone }, count, fault: { code } }] },
  });
  expect(answer.ok()).toBe(true);
}

test('what failed appears at once with what to do, leads to its thread, and leaves when it was sent again', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  // Codes of its own, so that this story's groups are nobody else's.
  const code = 133_010;
  const desk = new FailuresPage(await agent(supervisorOf(instance)));
  await desk.show();
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Desk Dana');
  const dana = customer(name);
  await dana.writes('Hello?');
  await ana.open(name);
  await refuse({ request, instance }, dana, code);
  await ana.reply('We are here, Dana');
  await expect(ana.bubble('We are here, Dana')).toContainText('Not delivered');

  const group = desk.group(`failed.${code}`);
  await expect(group).toContainText('The number is not registered with WhatsApp');
  await expect(group).toContainText('This number');
  await group.click();
  await expect(desk.page.getByText('An admin must register the number again.')).toBeVisible();
  const failure = desk.failure(name);
  await expect(failure).toContainText('We are here, Dana');
  await failure.getByRole('link', { name }).click();
  const thread = new InboxPage(desk.page);
  await expect(thread.bubble('We are here, Dana')).toBeInViewport();

  await desk.page.goBack();
  await failure.getByRole('button', { name: `Send again: the message to ${name}` }).click();
  await expect(failure).toHaveCount(0);
  await expect(ana.bubble('We are here, Dana')).toHaveCount(2);
  await expect(ana.bubble('We are here, Dana').last()).toContainText('Read');
  expect((await dana.texts()).filter((text) => text === 'We are here, Dana')).toHaveLength(1);
});

test('what Meta asks to wait with has no button, says from when on it can go, and is left out of a run', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const code = 133_015;
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Later Lou');
  const lou = customer(name);
  await lou.writes('Anybody?');
  await ana.open(name);
  await refuse({ request, instance }, lou, code);
  await ana.reply('A little later');
  const bubble = ana.bubble('A little later');
  await expect(bubble).toContainText('You can send it again from');
  await expect(bubble.getByRole('button', { name: 'Send again' })).toHaveCount(0);

  const desk = new FailuresPage(await agent(supervisorOf(instance)));
  await desk.show(`failed.${code}`);
  await expect(desk.failure(name)).toContainText('Not before');
  await expect(desk.failure(name).getByRole('button', { name: /again/ })).toHaveCount(0);
  await desk.button('Send all again').click();
  await desk.dialogButton('Send all again').click();
  await expect(desk.run).toContainText('None of them could be sent again.');
  await expect(desk.run).toContainText('for which it is too early');
  expect(await lou.texts()).not.toContain('A little later');
});

test('all of a cause go out again, once each although an answer was lost, and what failed once more says why', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const code = 131_045;
  const ana = new InboxPage(await agent('Ana'));
  const [one, two] = [newName('Lost Lea'), newName('Lost Leo')];
  const customers = [customer(one), customer(two)] as const;
  for (const [at, person] of customers.entries()) {
    await person.writes('Anybody?');
    await ana.open(person.name);
    // The second is refused once more when it goes out again.
    await refuse({ request, instance }, person, code, at === 0 ? 1 : 2);
    await ana.reply(`Here, ${person.name}`);
    await expect(ana.bubble(`Here, ${person.name}`)).toContainText('Not delivered');
  }

  const desk = new FailuresPage(await agent(supervisorOf(instance), { serviceWorkers: 'block' }));
  await desk.show(`failed.${code}`);
  await expect(desk.failure(one)).toBeVisible();
  await expect(desk.failure(two)).toBeVisible();
  const ids: string[] = [];
  let lost = 0;
  await desk.page.route('**/resend', async (route) => {
    ids.push((route.request().postDataJSON() as { clientMessageId: string }).clientMessageId);
    // The server has it, and its answer never arrives.
    const answer = await route.fetch();
    if (lost++ === 0) return route.abort();
    await route.fulfill({ response: answer });
  });
  await desk.button('Send all again').click();
  await desk.dialogButton('Send all again').click();
  await expect(desk.run).toContainText(/messages were sent again/);
  await expect(desk.run).toContainText('did not go out');
  await expect(desk.run.getByRole('listitem').filter({ hasText: two })).toContainText(
    'The number is not registered with WhatsApp',
  );
  await expect(desk.failure(one)).toHaveCount(0);
  // What failed once more is a message of its own on the desk.
  await expect(desk.failure(two)).toHaveCount(1);
  expect(ids.length).toBeGreaterThan(new Set(ids).size);
  expect((await customers[0].texts()).filter((text) => text === `Here, ${one}`)).toHaveLength(1);
  expect((await customers[1].texts()).filter((text) => text === `Here, ${two}`)).toHaveLength(0);
});

test('what cannot be sent again is dismissed, by key alone, and Undo puts it back', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const code = 131_051;
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Off Olga');
  const olga = customer(name);
  await olga.writes('Hello?');
  await ana.open(name);
  await refuse({ request, instance }, olga, code);
  await ana.reply('Cannot arrive');
  await expect(ana.bubble('Cannot arrive')).toContainText('Not delivered');

  const desk = new FailuresPage(await agent('Ben'));
  await desk.show();
  await desk.group(`failed.${code}`).focus();
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByText('Sending the same again would fail again.')).toBeVisible();
  await expect(desk.button('Send all again')).toHaveCount(0);
  const off = desk.failure(name).getByRole('button', { name: /^Dismiss/ });
  await off.focus();
  await desk.page.keyboard.press('Enter');
  await expect(desk.failure(name)).toHaveCount(0);
  await desk.page.getByRole('button', { name: /^Undo/ }).click();
  await expect(desk.failure(name)).toBeVisible();
});

const looks: BrowserContextOptions[] = [
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 1_440, height: 900 } },
  { locale: 'en-GB', colorScheme: 'dark', viewport: { width: 1_440, height: 900 } },
  { locale: 'en-GB', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { locale: 'ar-EG', colorScheme: 'light', viewport: { width: 1_440, height: 900 } },
  { locale: 'ar-EG', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
];
for (const options of looks) {
  const { locale = '', colorScheme = '', viewport } = options;
  const look = `${locale}, ${colorScheme}, ${viewport?.width ?? 0} px`;
  test(`the desk is accessible and fits, both its halves and its dialog: ${look}`, async ({
    agent,
    customer,
    request,
    instance,
  }) => {
    const codes = [131_026, 131_042, 131_049];
    const ana = new InboxPage(await agent('Ana'));
    const name = newName('Look Lena');
    const lena = customer(name);
    await lena.writes('Hello?');
    await ana.open(name);
    for (const code of codes) {
      await refuse({ request, instance }, lena, code);
      await ana.reply(`Refused with ${code}`);
      await expect(ana.bubble(`Refused with ${code}`)).toContainText('Not delivered');
    }
    const desk = new FailuresPage(await agent(supervisorOf(instance), { ...options, reducedMotion: 'reduce' }));
    const { page } = desk;
    const isFit = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
    };
    await desk.show();
    await expect(desk.group('failed.131042')).toBeVisible();
    await isFit();
    for (const code of codes) {
      await desk.show(`failed.${code}`);
      await expect(desk.failure(name)).toBeVisible();
      await isFit();
    }
    await desk.show('failed.131042');
    await expect(desk.failure(name)).toBeVisible();
    await page.locator('main header button').first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await isFit();
  });
}

test('the desk says when it cannot be loaded, and that a cause is gone', async ({ agent }) => {
  const desk = new FailuresPage(await agent('Ben', { serviceWorkers: 'block' }));
  await desk.page.route('**/api/failures', (route) => route.abort());
  await desk.show();
  await expect(desk.page.getByRole('alert')).toContainText('The failures could not be loaded');
  await desk.page.unroute('**/api/failures');
  await desk.page.getByRole('button', { name: 'Try again' }).click();
  await expect(desk.page.getByRole('alert')).toHaveCount(0);
  await desk.show('failed.999999');
  await expect(desk.page.getByText('Nothing is left here')).toBeVisible();
});
