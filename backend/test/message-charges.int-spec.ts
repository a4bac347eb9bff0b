import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { givenSent, givenThread } from './support/sent-messages.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  BASE_SECONDS,
  channelIdOf,
  envelope,
  givenTenants,
  handIn,
  payload,
  rows,
  wipe,
} from './support/webhook-rig.js';

const SENT = 'wamid.PRICED';
/** Many deliveries, one after another, on a machine with much else to do. */
const PATIENCE_MS = 120_000;
const regular = (category: string) => ({ billable: true, pricing_model: 'PMP', type: 'regular', category });
const FREE = { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' };

let app: TestApp;
let ana: TestAgent;
let channelId: string;
let conversationId: string;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  ana = await app.given.agent();
  channelId = await channelIdOf(app);
});
afterAll(() => app.close());
beforeEach(async () => {
  await wipe(app);
  conversationId = await givenThread(app, { channelId });
});

const status = (step: string, second: number, pricing?: object, over: object = {}) => ({
  id: SENT,
  status: step,
  timestamp: String(BASE_SECONDS + second),
  recipient_id: '12065550142',
  ...(pricing ? { pricing } : {}),
  ...over,
});
const deliver = (...statuses: object[]) => handIn(app, envelope({ statuses }));
const deliverFile = (name: string) => handIn(app, payload(name));
const charges = () =>
  rows<Record<string, unknown>>(
    app,
    `select wamid, participant, at, type, category, billable, model, sender_id as "senderId", template, campaign,
       number_prefix as "numberPrefix" from message_charges order by wamid, participant`,
  );
const sends = () =>
  rows<Record<string, unknown>>(
    app,
    `select name, language, day::text, sum(sends)::int as sends from template_sends group by 1, 2, 3 order by 1, 2, 3`,
  );
const dayOf = (second: number) => atSecond(second).toISOString().slice(0, 10);
const atSecond = (second: number) => new Date((BASE_SECONDS + second) * 1_000);

describe('the price of a message', () => {
  it(
    'is kept once, with what a report groups by, however often and in what order its statuses come',
    async () => {
      const told = [
        status('sent', 1, regular('marketing')),
        status('delivered', 3, regular('marketing')),
        status('delivered', 3),
        status('read', 9, regular('marketing')),
      ];
      const once = {
        wamid: SENT,
        participant: '',
        at: atSecond(1),
        type: 'regular',
        category: 'marketing',
        billable: true,
        model: 'PMP',
        senderId: ana.id,
        template: 'spring_sale',
        campaign: 'Spring',
        numberPrefix: '1206555',
      };
      for (const order of [told, told.toReversed(), [told[1], told[3], told[0], told[2]]]) {
        for (const batches of [[order], order.map((one) => [one]), [order, order]]) {
          await wipe(app);
          conversationId = await givenThread(app, { channelId });
          await givenSent(app, conversationId, SENT, { agentId: ana.id, template: 'spring_sale', campaign: 'Spring' });
          for (const batch of batches) await deliver(...batch.flatMap((one) => one ?? []));
          expect(await charges()).toEqual([once]);
          expect((await sends()).map((row) => row['sends'])).toEqual([1]);
        }
      }
    },
    PATIENCE_MS,
  );

  it('does not hang on which of two that differ came first', async () => {
    for (const order of [
      [FREE, regular('service')],
      [regular('service'), FREE],
    ]) {
      await wipe(app);
      await givenSent(app, await givenThread(app, { channelId }), SENT);
      for (const [n, pricing] of order.entries()) await deliver(status(n === 0 ? 'sent' : 'delivered', n, pricing));
      expect(await charges()).toMatchObject([{ type: 'regular', billable: true }]);
    }
  });

  it('waits for the message to reach the customer: what only left is not billed', async () => {
    await givenSent(app, conversationId, SENT);
    await deliver(status('sent', 1, regular('utility')));
    expect(await charges()).toEqual([]);
    await deliver(status('delivered', 2));
    expect(await charges()).toMatchObject([{ category: 'utility', at: atSecond(1) }]);
  });

  it('is unknown while nobody has said it, and known once somebody does', async () => {
    await givenSent(app, conversationId, SENT);
    await deliver(status('delivered', 2));
    expect(await charges()).toMatchObject([{ type: null, category: null, billable: null }]);
    await deliver(status('read', 4, FREE));
    expect(await charges()).toMatchObject([{ type: 'free_customer_service', category: 'service', billable: false }]);
  });

  it('told before the message is known stands as soon as it is', async () => {
    await deliver(status('delivered', 2, FREE));
    expect(await charges()).toEqual([]);
    await givenSent(app, conversationId, SENT);
    await deliver(status('read', 3));
    expect(await charges()).toMatchObject([{ type: 'free_customer_service' }]);
  });

  it('of what the phone app sent is no matter; of what another program sent it is, once told', async () => {
    await givenSent(app, conversationId, SENT, { attempts: 0 });
    await deliver(status('delivered', 2));
    expect(await charges()).toEqual([]);
    await deliver(status('read', 3, regular('marketing')));
    expect(await charges()).toMatchObject([{ category: 'marketing' }]);
  });

  it('is told apart for each member of a group', async () => {
    const member = (id: string, second: number) =>
      status('delivered', second, regular('group_utility'), { recipient_participant_id: id });
    await givenSent(app, conversationId, SENT);
    await deliver(member('12065550142', 1), member('FR.5501928', 2), member('FR.5501928', 2));
    expect(await charges()).toMatchObject([
      { participant: '12065550142', numberPrefix: '1206555' },
      { participant: 'FR.5501928', numberPrefix: '33' },
    ]);
  });

  it('adds up how often a template reached somebody, by day, in a group once, and nothing else', async () => {
    const member = (wamid: string, id: string) =>
      status('delivered', 2, regular('group_utility'), { id: wamid, recipient_participant_id: id });
    for (const wamid of ['wamid.ONE', 'wamid.TWO', 'wamid.GROUP', 'wamid.LOST', 'wamid.LATER']) {
      await givenSent(app, conversationId, wamid, { template: 'spring_sale' });
    }
    await givenSent(app, conversationId, 'wamid.OTHER', { template: 'pickup_ready' });
    await givenSent(app, conversationId, 'wamid.TEXT');
    await deliver(
      ...['wamid.ONE', 'wamid.TWO', 'wamid.OTHER', 'wamid.TEXT'].map((id) => status('delivered', 1, undefined, { id })),
      member('wamid.GROUP', '12065550142'),
      member('wamid.GROUP', 'FR.5501928'),
      status('sent', 1, undefined, { id: 'wamid.LOST' }),
    );
    await deliver(
      member('wamid.GROUP', '4915112345678'),
      status('delivered', 86_401, undefined, { id: 'wamid.LATER' }),
    );
    expect(await sends()).toEqual([
      { name: 'pickup_ready', language: 'en_US', day: dayOf(1), sends: 1 },
      { name: 'spring_sale', language: 'en_US', day: dayOf(1), sends: 3 },
      { name: 'spring_sale', language: 'en_US', day: dayOf(86_401), sends: 1 },
    ]);
  });

  it('is for the market of the country that a customer without a number is named by', async () => {
    const hidden = await givenThread(app, { channelId, phone: null });
    await rows(
      app,
      `insert into contact_identities (kind, scope, value, contact_id)
       select 'bsuid', 'portfolio', 'KZ.88213004517736620914', contact_id from conversations where id = $1`,
      [hidden],
    );
    await givenSent(app, hidden, SENT);
    await deliver(status('delivered', 2, regular('marketing')));
    expect(await charges()).toMatchObject([{ numberPrefix: '77' }]);
  });

  it('stands as the payloads of Meta’s say', async () => {
    const files = {
      '062-status-delivered-service-free.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJFQzA3MkRGMUIxMEY0ODUyQkYA',
      '069-status-read-without-delivered.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBI5RjJDNDc5Q0ZCREQ0NzM0M0MA',
      '071-status-service-billable.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJCRUU0QjBCN0ZCRTgwODcyRUIA',
      '072-status-utility-in-window-billable.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJFMDc3MUExMjFFQ0NERkM2N0YA',
      '080-status-out-of-order-batch.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBI0NEU4N0JFMzdBMzI1RUIwNDIA',
      '081-status-paid-exempt.json': 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJCMUMzNEIxODA3QTIxMEMyODMA',
    };
    for (const wamid of Object.values(files)) await givenSent(app, conversationId, wamid);
    for (const name of Object.keys(files)) await deliverFile(name);
    const found = new Map((await charges()).map((charge) => [charge['wamid'], charge]));
    expect(Object.values(files).map((wamid) => found.get(wamid))).toMatchObject([
      { type: 'free_customer_service', category: 'service', billable: false },
      { type: 'free_customer_service', category: 'service', billable: false },
      { type: 'regular', category: 'service', billable: true },
      { type: 'regular', category: 'utility', billable: true },
      { type: 'free_customer_service', category: 'service', at: atSecond(1) },
      { type: 'regular', category: 'service', billable: false },
    ]);
  });
});
