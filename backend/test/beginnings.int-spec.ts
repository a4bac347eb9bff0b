import type { Conversation, MessageList, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboundRig } from './support/outbound-rig.js';

const WABA = '318840027715908';
const template = { name: 'pickup_ready', language: 'en_US', body: { 1: 'Maren' } };

describe('a conversation that we begin', () => {
  let rig: OutboundRig;
  let channelId: string;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, status, category, components, updated_at)
       values ($1, '1', 'pickup_ready', 'en_US', 'approved', 'utility', $2, now())`,
      [WABA, JSON.stringify([{ type: 'BODY', text: 'Hello {{1}}, it is ready.' }])],
    );
  });
  afterAll(() => rig.close());

  const begin = <Answer = Conversation>(over: object) =>
    rig.app.call<Answer>(rig.ana, 'POST', '/conversations', { channelId, template, ...over });
  const thread = async (id: string) =>
    (await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${id}/messages`)).body;
  const known = async () => {
    const [row] = await rig.sql<{ contacts: number; conversations: number; messages: number }>(
      `select (select count(*)::int from contacts) as contacts, (select count(*)::int from conversations) as conversations,
         (select count(*)::int from messages) as messages`,
    );
    return row;
  };

  it('is there with its template, of whoever began it, and goes to the number with its country code', async () => {
    const { status, body } = await begin({ to: '+49 (151) 2345-6789' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'open',
      assignee: { id: rig.ana.id },
      contact: { phone: '+4915123456789' },
      channel: { id: channelId },
      windowExpiresAt: null,
      waitingSince: null,
    });
    const { items, timeline } = await thread(body.id);
    expect(items).toMatchObject([{ type: 'template', text: { body: 'Hello Maren, it is ready.' } }]);
    expect(timeline).toMatchObject([{ kind: 'opened', actor: { id: rig.ana.id } }]);
    await rig.becomes(items[0]?.id ?? '', 'accepted');
    expect(rig.graph.of(body.id)).toMatchObject([{ body: { to: '+4915123456789', type: 'template' } }]);
  });

  it('goes to a user id where no number is known', async () => {
    const { body } = await begin({ to: 'DE.40918837265510472219' });
    const [message] = (await thread(body.id)).items;
    await rig.becomes(message?.id ?? '', 'accepted');
    expect(rig.graph.of(body.id)).toMatchObject([{ body: { recipient: 'DE.40918837265510472219' } }]);
  });

  it('is the one that there is with this customer', async () => {
    const phone = '4915188888888';
    const id = await rig.thread({ channelId, phone, inbound: ['Hello?'] });
    const before = await known();
    const { status, body } = await begin({ to: `+${phone}` });
    expect([status, body.id]).toEqual([201, id]);
    expect(await known()).toEqual({ ...before, messages: (before?.messages ?? 0) + 1 });
    expect((await begin({ to: phone })).body.id).toBe(id);
  });

  it('keeps what it was sent for', async () => {
    const request = { to: '+4915155555555', clientMessageId: randomUUID(), campaign: ' Autumn sale ' };
    const { body } = await begin(request);
    expect((await thread(body.id)).items).toMatchObject([{ campaign: 'Autumn sale' }]);
    expect((await begin(request)).status).toBe(200);
    const other = await begin<Problem>({ ...request, campaign: 'Winter sale' });
    expect(other).toMatchObject({ status: 409, body: { code: 'message.id_reused' } });
    const { body: without } = await begin({ to: '+4915144444444' });
    expect((await thread(without.id)).items[0]).not.toHaveProperty('campaign');
  });

  it('begins once, however often the same request comes', async () => {
    const request = { to: '+4915177777777', clientMessageId: randomUUID() };
    const first = await begin(request);
    const before = await known();
    const again = await begin(request);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(await known()).toEqual(before);
    const other = await begin<Problem>({ ...request, template: { ...template, body: { 1: 'Ada' } } });
    expect(other).toMatchObject({ status: 409, body: { code: 'message.id_reused' } });
  });

  it.each<[string, object, number, string]>([
    ['a template that there is not', { template: { name: 'nothing', language: 'en_US' } }, 422, 'template.unavailable'],
    ['values that are missing', { template: { ...template, body: {} } }, 422, 'template.invalid'],
    ['another number of ours', { channelId: randomUUID() }, 404, 'channel.not_found'],
    ['a campaign that is none', { campaign: ' ' }, 400, 'request.invalid'],
    ['no number at all', { to: 'Maren' }, 400, 'request.invalid'],
    ['a digit more than a number may have', { to: '+4915123456789012' }, 400, 'request.invalid'],
  ])('leaves nothing behind when it is refused: %s', async (_what, over, status, code) => {
    const before = await known();
    expect(await begin<Problem>({ to: '+4915166666666', ...over })).toMatchObject({ status, body: { code } });
    expect(await known()).toEqual(before);
  });
});
