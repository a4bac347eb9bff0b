import type { Channel, ChannelList, Conversation } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChannelRefusals } from '../src/channels/channel-refusals.service.js';
import { ChannelsService } from '../src/channels/channels.service.js';
import { BeginningsService } from '../src/conversations/beginning/beginnings.service.js';
import { query } from '../src/database/database.js';
import { startTestApp, TEST_APP_SECRET, type TestAgent, type TestApp } from './support/test-app.js';

const TOKEN = 'EAAG-canary-token-71c2';
const SECRET = 'canary-app-key-88aa';

describe('business numbers', () => {
  let test: TestApp;
  let admin: TestAgent;

  beforeAll(async () => {
    test = await startTestApp();
    admin = await test.given.agent({ role: 'admin' });
  });
  afterAll(() => test.close());

  const request = (phoneNumberId: string) => ({
    name: 'Shop',
    phoneNumberId,
    businessAccountId: '318840027715906',
    accessToken: TOKEN,
    appSecret: SECRET,
  });

  const sealedTokenOf = async ({ database }: TestApp, id: string): Promise<string> => {
    const [row] = await query<{ sealed: string }>(
      database.pool,
      'select access_token_sealed as sealed from channels where id = $1',
      [id],
    );
    return row?.sealed ?? '';
  };
  const tokenOf = async (app: TestApp, id: string): Promise<string> =>
    app.app.get(ChannelsService).openAccessToken(id, await sealedTokenOf(app, id));

  it('keeps token and secret sealed in the database and out of every answer', async () => {
    const created = await test.call<Channel>(admin, 'POST', '/channels', request('1001'));
    expect(created.status).toBe(201);
    const listed = await test.call<ChannelList>(admin, 'GET', '/channels');
    const stored = await query(test.database.pool, 'select * from channels');
    for (const text of [JSON.stringify(created.body), JSON.stringify(listed.body), JSON.stringify(stored)]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(SECRET);
    }
    const channels = test.app.get(ChannelsService);
    expect(await tokenOf(test, created.body.id)).toBe(TOKEN);
    expect(await channels.appSecrets()).toEqual([TEST_APP_SECRET, SECRET]);
  });

  it('gives its conversations its colour, and new ones its team; those that there are stay', async () => {
    const { body: made } = await test.call<Channel>(admin, 'POST', '/channels', request('1008'));
    expect(made).toMatchObject({ colour: null, teamId: null });
    const thread = async (waId: string) => {
      const id = await test.database.transaction((tx) =>
        test.app.get(BeginningsService, { strict: false }).threadWith(tx, made.id, { waId, bsuid: null }),
      );
      return (await test.call<Conversation>(admin, 'GET', `/conversations/${id}`)).body;
    };
    expect(await thread('4915100000001')).toMatchObject({ channel: { name: 'Shop' }, team: null });
    const { body: team } = await test.call<{ id: string }>(admin, 'POST', '/teams', { name: 'Harbour' });
    const change = (changes: object) => test.call<Channel>(admin, 'PATCH', `/channels/${made.id}`, changes);
    const wanted = { colour: 'amber', teamId: team.id };
    expect((await change(wanted)).body).toMatchObject(wanted);
    expect(await thread('4915100000002')).toMatchObject({ channel: { colour: 'amber' }, team: { name: 'Harbour' } });
    expect(await thread('4915100000001')).toMatchObject({ channel: { colour: 'amber' }, team: null });
    expect(await change({ teamId: randomUUID() })).toMatchObject({ status: 404, body: { code: 'team.not_found' } });
    expect(await change({ colour: 'plaid' })).toMatchObject({ status: 400 });
    expect((await change({ colour: null, teamId: null })).body).toMatchObject({ colour: null, teamId: null });
  });

  it('connects a number once', async () => {
    expect((await test.call(admin, 'POST', '/channels', request('1002'))).status).toBe(201);
    const twice = await test.call(admin, 'POST', '/channels', request('1002'));
    expect(twice).toMatchObject({ status: 409, body: { code: 'channel.number_taken' } });
  });

  it('shows customers “typing…”, but ends that where ticks are to wait for the reply, unless both are wanted', async () => {
    const { body: made } = await test.call<Channel>(admin, 'POST', '/channels', request('1004'));
    expect(made).toMatchObject({ receiptsPolicy: 'on_open', typingIndicator: true });
    const change = async (changes: object) =>
      (await test.call<Channel>(admin, 'PATCH', `/channels/${made.id}`, changes)).body;
    expect(await change({ receiptsPolicy: 'on_reply' })).toMatchObject({ typingIndicator: false });
    expect(await change({ typingIndicator: true })).toMatchObject({ typingIndicator: true });
    expect(await change({ receiptsPolicy: 'on_reply' })).toMatchObject({ typingIndicator: true });
    expect(await change({ receiptsPolicy: 'on_open' })).toMatchObject({ typingIndicator: true });
    const both = { receiptsPolicy: 'on_reply', typingIndicator: true };
    expect(await change(both)).toMatchObject(both);
    expect((await test.call(admin, 'PATCH', `/channels/${made.id}`, { typingIndicator: 'yes' })).status).toBe(400);
  });

  it('lifts a stop with a new token', async () => {
    const { body } = await test.call<Channel>(admin, 'POST', '/channels', request('1003'));
    const refusals = test.app.get(ChannelRefusals);
    const sealed = await sealedTokenOf(test, body.id);
    const refused = (code: number, detail: string, tokenSealed: string | null) =>
      refusals.heed([{ channelId: body.id, code, isTransient: false, detail, told: { by: 'answer', tokenSealed } }]);
    await refused(190, 'Of a token that was replaced.', 'another token');
    await refused(190, 'Meta refuses the access token.', sealed);
    await refused(131_031, 'a later reason', sealed);
    const stopped = await test.call<ChannelList>(admin, 'GET', '/channels');
    const sending = stopped.body.items.find(({ id }) => id === body.id)?.sending;
    expect(sending).toMatchObject({ state: 'stopped', code: 190 });
    const renewed = await test.call<Channel>(admin, 'PATCH', `/channels/${body.id}`, { accessToken: 'EAAG-new' });
    expect(renewed.body.sending).toEqual({ state: 'ok', code: null, reason: null, since: null });
  });

  it('takes the number of the environment at each start, and its new token', async () => {
    const number = { WHATSAPP_PHONE_NUMBER_ID: '2001', WHATSAPP_BUSINESS_ACCOUNT_ID: '3001' };
    const first = await startTestApp({ env: { ...number, WHATSAPP_ACCESS_TOKEN: 'one' } });
    try {
      const [channel] = await first.app.get(ChannelsService).list();
      expect(channel).toMatchObject({ phoneNumberId: '2001', botEnabled: false });
      const keys = first.environment.encryptionKeys.map(({ kid, key }) => `${kid}:${key.toString('base64')}`).join();
      const second = await startTestApp({
        env: { ...number, WHATSAPP_ACCESS_TOKEN: 'two', ENCRYPTION_KEYS: keys },
        sharing: first,
      });
      expect(await second.app.get(ChannelsService).list()).toHaveLength(1);
      expect(await tokenOf(second, channel?.id ?? '')).toBe('two');
      await second.close();
    } finally {
      await first.close();
    }
  });
});
