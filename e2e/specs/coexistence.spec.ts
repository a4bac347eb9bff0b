import { violations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
const newUserId = (): string => `PT.${BigInt(`0x${crypto.randomUUID().replaceAll('-', '').slice(0, 14)}`).toString()}`;
const newWamid = (): string => `wamid.${Buffer.from(crypto.randomUUID()).toString('base64')}`;

test('a customer who changes their number keeps their thread, and it says so', async ({ agent, customer }) => {
  const inbox = new InboxPage(await agent('Ana'));
  const name = newName('Moving Mo');
  const mo = customer(name);
  await mo.writes('I am about to move');
  await inbox.open(name);
  await expect(inbox.bubble('I am about to move')).toBeVisible();
  const next = String(Number(mo.phone) + 1_000_000);
  const userId = newUserId();
  await mo.causes({
    contacts: null,
    messages: [
      {
        from: mo.phone,
        type: 'system',
        system: {
          type: 'user_changed_number',
          wa_id: next,
          user_id: userId,
          body: `User ${name} changed from ${mo.phone} to ${next}`,
        },
      },
    ],
  });
  await expect(inbox.log.getByText("The customer's number changed", { exact: true })).toBeVisible();
  await mo.causes({
    contacts: [{ profile: { name }, wa_id: next, user_id: userId }],
    messages: [{ from: next, from_user_id: userId, type: 'text', text: { body: 'Here I am again' } }],
  });
  await expect(inbox.bubble('Here I am again')).toBeVisible();
  await expect(inbox.row(name)).toHaveCount(1);
});

test('a customer without a phone number is written to by what Meta knows them as', async ({
  agent,
  customer,
  instance,
  request,
}) => {
  const inbox = new InboxPage(await agent('Ana'));
  const name = newName('Nameless Nia');
  const userId = newUserId();
  await customer(name).causes({
    contacts: [{ profile: { name, username: `nia.${userId.slice(-6)}` }, wa_id: null, user_id: userId }],
    messages: [{ from: null, from_user_id: userId, type: 'text', text: { body: 'You will not get my number' } }],
  });
  await inbox.open(name);
  await inbox.reply('A name is enough');
  await expect(inbox.bubble('A name is enough')).toBeVisible();
  await expect
    .poll(async () => {
      const answer = await request.get(`${instance.simulatorUrl}/control/sent`);
      const { items } = (await answer.json()) as {
        items: { to: string; body: { recipient?: string; to?: string; text?: { body: string } } }[];
      };
      // The bot may have greeted them before the agent wrote.
      return items
        .filter(({ to, body }) => to === userId && body.text?.body === 'A name is enough')
        .map(({ body }) => [body.recipient, body.to]);
    })
    .toEqual([[userId, undefined]]);
});

test('what the owner writes and feels on the phone app stands in the thread as the business’s own', async ({
  agent,
  customer,
}) => {
  const inbox = new InboxPage(await agent('Ana'));
  const name = newName('Echo Edo');
  const edo = customer(name);
  const asked = await edo.writes('Are you open today?');
  await inbox.open(name);
  await expect(inbox.bubble('Are you open today?')).toBeVisible();
  const echo = (part: Record<string, unknown>): Promise<void> =>
    edo.causes({
      field: 'smb_message_echoes',
      message_echoes: [
        { from: '12025550134', to: edo.phone, id: newWamid(), timestamp: String(nowSeconds()), ...part },
      ],
    });
  await echo({ type: 'text', text: { body: 'Until seven, from my pocket' } });
  await expect(inbox.bubble('Until seven, from my pocket')).toBeVisible();
  await echo({ type: 'reaction', reaction: { message_id: asked, emoji: '🙏' } });
  await expect(
    inbox.bubble('Are you open today?').getByRole('listitem', { name: '' }).filter({ hasText: '🙏' }),
  ).toBeVisible();
  await expect(inbox.row(name)).toContainText('Until seven, from my pocket');
});

test('the phone’s history comes in while an admin looks on, and is news to nobody', async ({
  agent,
  customer,
  instance,
}) => {
  const admin = instance.signIns.find(({ role }) => role === 'admin')?.name ?? '';
  const [settings, inbox] = [await agent(admin), new InboxPage(await agent('Ana'))];
  const name = newName('Old Olga');
  const olga = customer(name);
  await settings.goto('/settings/numbers');
  await settings.locator('#settings-page a[href^="/settings/numbers/"]:not([href$="/new"])').first().click();
  const card = settings.getByTestId('history-import');

  const longAgo = nowSeconds() - 40 * 86_400;
  const said = (from: string, body: string, after: number) => ({
    from,
    id: newWamid(),
    timestamp: String(longAgo + after),
    type: 'text',
    text: { body },
    history_context: { status: 'READ' },
  });
  const chunk = (progress: number, messages: object[]) =>
    olga.causes({
      field: 'history',
      history: [{ metadata: { phase: 1, chunk_order: 1, progress }, threads: [{ id: olga.phone, messages }] }],
    });
  await chunk(60, [said('12025550134', 'Your atlas is ready', 1), said(olga.phone, 'I will fetch it', 2)]);
  await expect(card).toContainText('60%');
  await chunk(100, [said(olga.phone, 'Do you have maps?', 0)]);
  await expect(card).toContainText("The phone's history is here");
  expect(await violations(settings)).toEqual([]);

  await olga.writes('Hello, me again');
  await inbox.open(name);
  await expect(inbox.log.getByRole('article')).toContainText([
    'Do you have maps?',
    'Your atlas is ready',
    'I will fetch it',
    'Hello, me again',
  ]);
});
