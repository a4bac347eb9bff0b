import { expect, test } from '../fixtures/parley.ts';
import { InboxPage, newName } from '../pages/inbox.page.ts';

const HOUR_S = 3_600;
const NO_PAYMENT_METHOD = 131_042;

test('a closed window says so instead of a field, and opens when the customer writes again', async ({
  agent,
  customer,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Late Lara');
  const lara = customer(name);
  const yesterday = String(Math.floor(Date.now() / 1_000) - 25 * HOUR_S);
  await lara.delivers({ timestamp: yesterday, type: 'text', text: { body: 'Yesterday’s question' } });
  await ana.open(name);
  await expect(ana.page.getByTestId('window-closed')).toContainText('closed');
  await expect(ana.composer).toHaveCount(0);

  await lara.writes('Today’s question');
  await expect(ana.composer).toBeVisible();
  await ana.reply('Today’s answer');
  await expect(ana.bubble('Today’s answer')).toContainText('Read');
});

test('what WhatsApp refused is shown with its reason, and goes out when it is sent again', async ({
  agent,
  customer,
  request,
  instance,
}) => {
  const ana = new InboxPage(await agent('Ana'));
  const name = newName('Refused Rita');
  const rita = customer(name);
  await rita.writes('Are you there?');
  await ana.open(name);
  const refuseOnce = { match: { to: rita.phone, text: 'we are here' }, count: 1, fault: { code: NO_PAYMENT_METHOD } };
  await request.post(`${instance.simulatorUrl}/control/faults`, { data: { sends: [refuseOnce] } });

  await ana.reply('Yes, we are here');
  const bubble = ana.bubble('Yes, we are here');
  await expect(bubble).toContainText('Not delivered');
  await expect(bubble).toContainText(/payment/);
  await bubble.getByRole('button', { name: 'Send again' }).click();
  await expect(bubble).toHaveCount(2);
  await expect(bubble.last()).toContainText('Read');
  expect((await rita.texts()).filter((text) => text === 'Yes, we are here')).toHaveLength(1);
});
