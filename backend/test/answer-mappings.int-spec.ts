import type { AnswerMapping, AnswerMappingList, ContactDetails } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  BASE_SECONDS,
  channelIdOf,
  envelope,
  givenTenants,
  handIn,
  PHONE_NUMBER_ID,
  rows,
  SECOND_PHONE_NUMBER_ID,
  text,
  wipe,
} from './support/webhook-rig.js';

const FROM = '12065550142';
const CONTACT = { profile: { name: 'Maren Okafor' }, wa_id: FROM, user_id: `US.${FROM}` };

let app: TestApp;
let admin: TestAgent;
let channelId: string;

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  admin = await app.given.agent({ role: 'admin' });
  channelId = await channelIdOf(app);
});
afterAll(() => app.close());
beforeEach(async () => {
  await wipe(app);
  await rows(app, 'delete from answer_mappings');
});

const answer = (id: string, answers: object, over: { at?: number; replyTo?: string } = {}) => {
  const { text: _words, ...frame } = text(id, '', over);
  const reply = { name: 'flow', body: 'Sent', response_json: JSON.stringify({ flow_token: 'ft-1', ...answers }) };
  return { ...frame, type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: reply } };
};
const deliver = (messages: object[], phoneNumberId = PHONE_NUMBER_ID) =>
  handIn(app, envelope({ contacts: [CONTACT], messages }, { phoneNumberId }));
async function map(over: object = {}): Promise<AnswerMapping> {
  const request = { field: 'party_size', attribute: 'Party', ...over };
  const { status, body } = await app.call<AnswerMapping>(admin, 'POST', '/answer-mappings', request);
  expect(status).toBe(201);
  return body;
}
async function conversationId(phoneNumberId = PHONE_NUMBER_ID): Promise<string> {
  const [row] = await rows<{ id: string }>(
    app,
    'select c.id from conversations c join channels n on n.id = c.channel_id where n.phone_number_id = $1',
    [phoneNumberId],
  );
  return row?.id ?? '';
}
async function attributes(): Promise<Record<string, string>> {
  const path = `/conversations/${await conversationId()}/contact`;
  return (await app.call<ContactDetails>(admin, 'GET', path)).body.attributes;
}
const setByHand = async (change: Record<string, string | null>): Promise<void> => {
  const path = `/conversations/${await conversationId()}/contact`;
  expect((await app.call(admin, 'PATCH', path, { attributes: change })).status).toBe(200);
};
const revs = async (): Promise<number[]> =>
  (await rows<{ rev: number }>(app, 'select rev from conversations order by id')).map(({ rev }) => rev);

describe('answers to forms', () => {
  it('set nothing where nothing is mapped', async () => {
    await deliver([answer('wamid.A', { party_size: 4 })]);
    expect(await attributes()).toEqual({});
  });

  it('set the attribute with the answer, for a customer who writes for the first time too', async () => {
    await map();
    await map({ field: 'when', attribute: 'Day' });
    await deliver([answer('wamid.A', { party_size: 4, when: '2026-11-28', notes: 'window' })]);
    expect(await attributes()).toEqual({ Party: '4', Day: '2026-11-28' });
  });

  it('change nothing when Meta brings them once more, whatever was changed by hand since', async () => {
    await map();
    const message = answer('wamid.A', { party_size: 4 });
    await deliver([message, message]);
    await setByHand({ Party: '6' });
    const before = await revs();
    await deliver([message]);
    expect(await attributes()).toEqual({ Party: '6' });
    expect(await revs()).toEqual(before);
  });

  it('older than a change by hand leave it, and what was taken away stays away; newer ones set it', async () => {
    await map();
    await map({ field: 'notes', attribute: 'Wish' });
    await deliver([answer('wamid.A', { party_size: 4, notes: 'window' })]);
    await setByHand({ Party: '6', Wish: null });
    await deliver([answer('wamid.B', { party_size: 5, notes: 'door' }, { at: BASE_SECONDS + 60 })]);
    expect(await attributes()).toEqual({ Party: '6' });
    const inAMoment = Math.floor(Date.now() / 1_000) + 2;
    await deliver([answer('wamid.C', { party_size: 7 }, { at: inAMoment })]);
    expect(await attributes()).toEqual({ Party: '7' });
  });

  it('stand by the time at which they were sent, in whatever order they come', async () => {
    await map();
    await deliver([answer('wamid.B', { party_size: 5 }, { at: BASE_SECONDS + 60 })]);
    await deliver([answer('wamid.A', { party_size: 4 }, { at: BASE_SECONDS })]);
    expect(await attributes()).toEqual({ Party: '5' });
  });

  it('tell the screens of every thread of the contact', async () => {
    await map();
    await deliver([text('wamid.T', 'Hello')], SECOND_PHONE_NUMBER_ID);
    const other = await conversationId(SECOND_PHONE_NUMBER_ID);
    const revOf = async () =>
      Number((await rows<{ rev: number }>(app, `select rev from conversations where id = $1`, [other]))[0]?.rev);
    const before = await revOf();
    await deliver([answer('wamid.A', { party_size: 4 })]);
    expect(await revOf()).toBeGreaterThan(before);
  });

  it('are asked of one number alone, and of one form by the message that they answer', async () => {
    await map({ channelId, attribute: 'Here' });
    await map({ form: '8841', attribute: 'Booked' });
    await deliver([answer('wamid.X', { party_size: 3 })], SECOND_PHONE_NUMBER_ID);
    await deliver([text('wamid.T', 'Hello', { at: Math.floor(Date.now() / 1_000) })]);
    const form = { kind: 'flow', body: 'A table?', buttonText: 'Book', flow: { id: '8841' } };
    const sent = await app.call<{ id: string }>(admin, 'POST', `/conversations/${await conversationId()}/messages`, {
      clientMessageId: crypto.randomUUID(),
      type: 'interactive',
      interactive: form,
    });
    expect(sent.status).toBe(201);
    await rows(
      app,
      `insert into message_keys (channel_id, wamid, conversation_id, message_id) values ($1, 'wamid.F', $2, $3)`,
      [channelId, await conversationId(), sent.body.id],
    );
    expect(await attributes()).toEqual({});
    await deliver([answer('wamid.A', { party_size: 4 }, { replyTo: 'wamid.F' })]);
    expect(await attributes()).toEqual({ Here: '4', Booked: '4' });
  });
});

describe('the rules', () => {
  it('are added once each, listed in their order, and removed', async () => {
    const first = await map({ form: ' 8841 ', channelId });
    expect(first).toMatchObject({ form: '8841', channelId, field: 'party_size', attribute: 'Party' });
    expect((await map({ form: '8841', channelId })).id).toBe(first.id);
    const second = await map();
    const list = async () => (await app.call<AnswerMappingList>(admin, 'GET', '/answer-mappings')).body.items;
    expect(await list()).toEqual([first, second]);
    expect((await app.call(admin, 'DELETE', `/answer-mappings/${first.id}`)).status).toBe(204);
    expect(await list()).toEqual([second]);
  });

  it('need a number that there is', async () => {
    const request = { channelId: '019a0000-0000-7000-8000-000000000000', field: 'a', attribute: 'b' };
    const { status, body } = await app.call<{ code: string }>(admin, 'POST', '/answer-mappings', request);
    expect([status, body.code]).toEqual([404, 'channel.not_found']);
  });
});
