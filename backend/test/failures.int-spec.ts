import type { Failure, FailureGroup, FailureGroupList, FailureList, Message, SettledFailures } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { OutboundRig } from './support/outbound-rig.js';
import { QueryCount } from './support/query-count.js';
import type { TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

const WABA = '318840027715906';

describe('the failure desk', () => {
  let rig: OutboundRig;
  let sue: TestAgent;
  let ben: TestAgent;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    sue = await rig.app.given.agent({ name: 'Sue', role: 'supervisor' });
    ben = await rig.app.given.agent({ name: 'Ben' });
  });
  beforeEach(async () => {
    rig.graph.answer = () => 'ok';
    await rig.sql(`update messages set settled_at = app_now(), settled_as = 'dismissed' where settled_at is null`);
    await rig.sql(`update channels set sending_state = 'ok', sending_code = null, slowed_at = null`);
  });
  afterAll(() => rig.close());

  const groups = async (agent = sue): Promise<FailureGroup[]> =>
    (await rig.app.call<FailureGroupList>(agent, 'GET', '/failures')).body.items;
  const page = async (query: string, agent = sue): Promise<FailureList> =>
    (await rig.app.call<FailureList>(agent, 'GET', `/failures/messages?${query}`)).body;
  const settle = async (act: 'dismiss' | 'restore', failures: readonly Failure[], agent = sue) => {
    const messages = failures.map(({ conversationId, message }) => ({ conversationId, messageId: message.id }));
    return (await rig.app.call<SettledFailures>(agent, 'POST', `/failures/${act}`, { messages })).body.messages;
  };
  const resend = (agent: TestAgent, { conversationId, message, lastSeq }: Failure, clientMessageId = randomUUID()) =>
    rig.app.call<Message & { code?: string; retryAt?: string }>(
      agent,
      'POST',
      `/conversations/${conversationId}/messages/${message.id}/resend`,
      { clientMessageId, basedOn: lastSeq },
    );

  /** A message that Meta refuses with this code. */
  async function failing(code: number, over: { threadId?: string; words?: string } = {}): Promise<string> {
    rig.graph.answer = () => graphError(code, 'Said by Meta');
    const threadId = over.threadId ?? (await rig.thread({ inbound: ['Hello?'] }));
    const id = await rig.sent(threadId, over.words ?? 'Never arrives');
    await rig.becomes(id, 'failed');
    rig.graph.answer = () => 'ok';
    return id;
  }

  it('is empty where nothing has failed', async () => {
    await rig.becomes(await rig.sent(await rig.thread(), 'Arrives'), 'accepted');
    expect(await groups()).toEqual([]);
  });

  it('groups by the code, in plain words, with what to do and whether sending again can help', async () => {
    await failing(131_026);
    await failing(131_026);
    await failing(131_053);
    expect(await groups()).toMatchObject([
      {
        state: 'failed',
        code: '131026',
        reason: 'undeliverable',
        scope: 'customer',
        title: 'The customer cannot be reached on WhatsApp',
        retryable: false,
        count: 2,
        channels: [{ id: rig.channel.id, name: 'Shop', count: 2 }],
      },
      { state: 'failed', code: '131053', reason: 'media', scope: 'message', count: 1 },
    ]);
  });

  it('tells of each message whose it is, what it said, and what stands in the way of sending it again', async () => {
    await failing(131_026, { words: 'Your  parcel\nis here' });
    const { items } = await page('state=failed&code=131026');
    expect(items).toMatchObject([
      {
        contact: { name: 'Maria' },
        channel: { name: 'Shop' },
        assignee: { id: rig.ana.id },
        lastSeq: 2,
        detail: 'Said by Meta',
        obstacle: 'permanent',
        retryAt: null,
        message: { preview: 'Your parcel is here', sender: { name: 'Ana' }, status: 'failed' },
      },
    ]);
  });

  it('pages through a group without a message twice or missing', async () => {
    const failed: string[] = [];
    for (let n = 0; n < 5; n += 1) failed.push(await failing(131_026));
    // All in one microsecond: the id alone tells them apart.
    await rig.sql('update messages set failed_at = $1 where id = any($2)', ['2026-11-01T10:00:00.123456Z', failed]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: FailureList = await page(`state=failed&code=131026&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...next.items.map(({ message }) => message.id));
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([...failed].sort().reverse());
    const { status } = await rig.app.call(sue, 'GET', '/failures/messages?state=failed&code=131026&cursor=x');
    expect(status).toBe(400);
  });

  it('shows an agent only what they may see', async () => {
    const [team] = await rig.sql<{ id: string }>(`insert into teams (id, name) values ($1, $2) returning id`, [
      randomUUID(),
      randomUUID(),
    ]);
    const hidden = await rig.thread({ inbound: ['Hello?'] });
    await failing(131_026, { threadId: hidden });
    await rig.sql('update conversations set team_id = $2, assignee_id = null where id = $1', [hidden, team?.id]);
    expect(await groups(ben)).toEqual([]);
    expect((await page('state=failed&code=131026', ben)).items).toEqual([]);
    const { items } = await page('state=failed&code=131026');
    expect(items).toHaveLength(1);
    expect(await settle('dismiss', items, ben)).toEqual([]);
    await failing(131_026);
    expect(await groups(ben)).toMatchObject([{ count: 1 }]);
    expect(await groups()).toMatchObject([{ count: 2 }]);
  });

  it('takes messages off and puts them back, each once, and tells the log', async () => {
    const id = await failing(131_026);
    const { items } = await page('state=failed&code=131026');
    const before = (await rig.message(id)).rev;
    expect(await settle('dismiss', items)).toEqual([{ conversationId: items[0]?.conversationId, messageId: id }]);
    expect(await settle('dismiss', items)).toEqual([]);
    expect(await groups()).toEqual([]);
    expect((await rig.message(id)).rev).toBe(before + 1);
    expect(await settle('restore', items)).toHaveLength(1);
    expect(await settle('restore', items)).toEqual([]);
    expect(await groups()).toMatchObject([{ count: 1 }]);
    const told = await rig.sql(`select from events where type = 'message.updated' and message_id = $1`, [id]);
    expect(told.length).toBeGreaterThanOrEqual(2);
  });

  it('loses what was sent again, once, also when the answer was lost and it is asked for anew', async () => {
    await failing(131_042);
    const [failure] = (await page('state=failed&code=131042')).items;
    if (!failure) throw new Error('nothing failed');
    expect(failure.obstacle).toBeNull();
    const clientMessageId = randomUUID();
    const first = await resend(sue, failure, clientMessageId);
    const repeated = await resend(sue, failure, clientMessageId);
    const other = await resend(ben, failure);
    expect([first.status, repeated.status, other.status]).toEqual([201, 200, 409]);
    expect(repeated.body.id).toBe(first.body.id);
    await rig.becomes(first.body.id, 'accepted');
    expect(rig.graph.of(failure.conversationId)).toHaveLength(2);
    expect(await groups()).toEqual([]);
    expect(await settle('restore', [failure])).toEqual([]);
  });

  it('does not send again what Meta holds back for a day, and says from when on it can', async () => {
    const id = await failing(131_049);
    expect(await groups()).toMatchObject([{ code: '131049', retryable: true, retryAfterSeconds: 86_400 }]);
    const [failure] = (await page('state=failed&code=131049')).items;
    if (!failure) throw new Error('nothing failed');
    const [row] = await rig.sql<{ at: Date }>('select failed_at as at from messages where id = $1', [id]);
    const retryAt = new Date((row?.at.getTime() ?? 0) + 86_400_000).toISOString();
    expect(failure).toMatchObject({ obstacle: 'later', retryAt });
    const early = await resend(sue, failure);
    expect(early.status).toBe(409);
    expect(early.body).toMatchObject({ code: 'message.not_retryable', retryAt });
    await rig.sql(`update messages set failed_at = failed_at - interval '25 hours' where id = $1`, [id]);
    expect((await page('state=failed&code=131049')).items).toMatchObject([{ obstacle: null, retryAt: null }]);
    expect((await resend(sue, failure)).status).toBe(201);
  });

  it('says that the window has closed meanwhile', async () => {
    const id = await failing(131_042);
    await rig.sql(
      `update conversations set window_expires_at = app_now() - interval '1 minute'
       where id = (select conversation_id from messages where id = $1)`,
      [id],
    );
    expect((await page('state=failed&code=131042')).items).toMatchObject([{ obstacle: 'window' }]);
    // Who is blocked gets nothing, whatever the window is.
    await rig.sql(
      `update conversations set blocked_at = app_now() where id = (select conversation_id from messages where id = $1)`,
      [id],
    );
    expect((await page('state=failed&code=131042')).items).toMatchObject([{ obstacle: 'blocked' }]);
  });

  it('says that the customer wants no marketing, of marketing alone, and as long as it is so', async () => {
    const { id: channelId } = await rig.app.given.channel({ businessAccountId: WABA });
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ($1, '1', 'autumn_sale', 'en_US', 'marketing', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"Autumn sale."}]', app_now()),
         ($1, '2', 'pickup', 'en_US', 'utility', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"It is ready."}]', app_now())`,
      [WABA],
    );
    const threadId = await rig.thread({ channelId, windowExpiresAt: '2026-01-01T00:00:00Z' });
    rig.graph.answer = () => graphError(131_042);
    for (const name of ['autumn_sale', 'pickup']) {
      const { body } = await rig.app.call<Message>(rig.ana, 'POST', `/conversations/${threadId}/messages`, {
        clientMessageId: randomUUID(),
        type: 'template',
        template: { name, language: 'en_US' },
        basedOn: 9,
      });
      await rig.becomes(body.id, 'failed');
    }
    rig.graph.answer = () => 'ok';
    const obstacles = async () =>
      (await page('state=failed&code=131042')).items.map(({ message, obstacle }) => [message.preview, obstacle]);
    const stopped = (isStopped: boolean) =>
      rig.sql(
        `update contacts set marketing_stopped = $2, marketing_told_at = app_now()
         where id = (select contact_id from conversations where id = $1)`,
        [threadId, isStopped],
      );
    await stopped(true);
    expect(await obstacles()).toEqual([
      ['It is ready.', null],
      ['Autumn sale.', 'marketing'],
    ]);
    const [utility, sale] = (await page('state=failed&code=131042')).items;
    if (!utility || !sale) throw new Error('nothing failed');
    expect((await resend(sue, sale)).body.code).toBe('contact.marketing_stopped');
    expect((await resend(sue, utility)).status).toBe(201);
    await stopped(false);
    expect(await obstacles()).toEqual([['Autumn sale.', null]]);
  });

  it('holds what nobody knows of, and lets it go out again after two minutes', async () => {
    rig.graph.answer = () => 'reset';
    const id = await rig.sent(await rig.thread({ inbound: ['Hello?'] }), 'Perhaps');
    await rig.becomes(id, 'unknown');
    expect(await groups()).toMatchObject([
      { state: 'unknown', reason: 'unconfirmed', scope: 'message', retryable: true, retryAfterSeconds: 120, count: 1 },
    ]);
    expect((await page('state=unknown&code=unknown')).items).toMatchObject([{ obstacle: 'later' }]);
    await rig.sql(`update messages set unknown_at = unknown_at - interval '3 minutes' where id = $1`, [id]);
    expect((await page('state=unknown&code=unknown')).items).toMatchObject([{ obstacle: null }]);
  });

  it('shows what waits behind a stopped number, before all else, and nothing of it once that sends again', async () => {
    await failing(131_026);
    await failing(131_026);
    rig.graph.answer = () => graphError(190, 'expired');
    const [first, second] = [await rig.thread(), await rig.thread()];
    await rig.sent(first, 'one');
    await waitFor(async () => (await groups()).some(({ state }) => state === 'paused'));
    await rig.sent(second, 'two');
    expect(await groups()).toMatchObject([
      { state: 'paused', code: '190', reason: 'token', scope: 'number', retryable: false, count: 2 },
      { state: 'failed', code: '131026', count: 2 },
    ]);
    const { items } = await page('state=paused&code=190&limit=1');
    expect(items).toMatchObject([{ obstacle: 'waiting', message: { preview: 'two', status: 'queued' } }]);
    rig.graph.answer = () => 'ok';
    const admin = await rig.app.given.agent({ role: 'admin' });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { resumeSending: true });
    await rig.sweep();
    await waitFor(async () => (await groups()).every(({ state }) => state !== 'paused'));
  });

  it('shows what waits for another try with the code of the last, and what stands behind it', async () => {
    const id = await rig.thread();
    rig.graph.answer = (send) => (send.callback?.c === id ? graphError(131_056) : 'ok');
    await rig.sent(id, 'too fast');
    await rig.sent(id, 'behind it');
    await waitFor(async () => (await groups())[0]?.count === 2);
    expect(await groups()).toMatchObject([
      { state: 'limited', code: '131056', reason: 'pairTooFast', scope: 'customer' },
    ]);
    rig.graph.answer = () => 'ok';
    await rig.advanceClock('1 minute');
    await rig.sweep();
    await waitFor(async () => (await groups()).length === 0);
  });

  it('leaves out what was taken back, what a person made void, and reactions', async () => {
    const id = await failing(131_026);
    for (const code of ['superseded', 'undone']) {
      await rig.sql(`update messages set error = error || jsonb_build_object('code', $2::text) where id = $1`, [
        id,
        code,
      ]);
      expect(await groups()).toEqual([]);
    }
    await rig.sql(`update messages set error = error || '{"code": 131026}', type = 'reaction' where id = $1`, [id]);
    expect(await groups()).toEqual([]);
  });

  it('costs one statement for the groups and two for a page, however many there are', async () => {
    for (let n = 0; n < 3; n += 1) await failing(131_026);
    const count = QueryCount.begin(rig.app.app.getHttpServer());
    await groups();
    expect(count.last.length).toBeLessThanOrEqual(2);
    await page('state=failed&code=131026');
    expect(count.last.length).toBeLessThanOrEqual(3);
    count.end();
  });
});
