import type {
  ContactDetails,
  EventPage,
  FailureGroupList,
  FailureList,
  Message,
  MessageList,
  Problem,
} from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ArrivedSend, type FakeAnswer, graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { OutboundRig } from './support/outbound-rig.js';
import { drained, envelope, post } from './support/webhook-rig.js';
import { waitFor } from './support/wait-for.js';

const WABA = '318840027715906';

describe('a customer who wants no marketing, as Meta says when it refuses a message', () => {
  let rig: OutboundRig;
  let channel: { id: string; phoneNumberId: string };
  let other: { id: string; phoneNumberId: string };

  beforeAll(async () => {
    rig = await OutboundRig.start();
    channel = await rig.app.given.channel({ businessAccountId: WABA });
    other = await rig.app.given.channel({ businessAccountId: WABA });
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ($1, '1', 'autumn_sale', 'en_US', 'marketing', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"Autumn sale."}]', app_now()),
         ($1, '2', 'pickup', 'en_US', 'utility', 'approved', 'green', 'positional',
         '[{"type":"BODY","text":"It is ready."}]', app_now())`,
      [WABA],
    );
  });
  beforeEach(() => void (rig.graph.answer = () => 'ok'));
  afterAll(() => rig.close());

  const sends = (conversationId: string, name = 'autumn_sale') =>
    rig.app.call<Message & Pick<Problem, 'code'>>(rig.ana, 'POST', `/conversations/${conversationId}/messages`, {
      clientMessageId: randomUUID(),
      type: 'template',
      template: { name, language: 'en_US' },
    });
  const stoppedAt = async (conversationId: string): Promise<string | null> =>
    (await rig.app.call<ContactDetails>(rig.ana, 'GET', `/conversations/${conversationId}/contact`)).body
      .marketingStoppedAt;
  const lines = async (conversationId: string): Promise<string[]> => {
    const found = await rig.sql<{ kind: string }>(
      `select kind from timeline_entries where conversation_id = $1 and kind like 'marketing%' order by created_at, id`,
      [conversationId],
    );
    return found.map(({ kind }) => kind);
  };
  const now = async (): Promise<number> => {
    const [row] = await rig.sql<{ now: number }>('select floor(extract(epoch from app_now()))::int as now');
    return row?.now ?? 0;
  };
  const iso = (second: number): string => new Date(second * 1_000).toISOString();
  /** A marketing template that Meta took. */
  async function accepted(conversationId: string): Promise<{ id: string; wamid: string }> {
    const { status, body } = await sends(conversationId);
    expect(status).toBe(201);
    await rig.becomes(body.id, 'accepted');
    return { id: body.id, wamid: (await rig.message(body.id)).wamid ?? '' };
  }

  interface Failure {
    at: number;
    codes?: number[];
    over?: object;
  }
  /** Meta posts that a message failed, and what it posted has had its effect. */
  async function fails(wamid: string, { at, codes = [131_050], over = {} }: Failure): Promise<void> {
    const errors = codes.map((code) => ({ code, title: 'Title', error_data: { details: 'Said later' } }));
    const status = { id: wamid, status: 'failed', timestamp: String(at), recipient_id: '12065550142', errors, ...over };
    expect(await post(rig.app, envelope({ statuses: [status] }, channel))).toBe(200);
    await drained(rig.app);
  }
  async function prefers(phone: string, value: 'stop' | 'resume', at: number): Promise<void> {
    const said = { wa_id: phone, category: 'marketing_messages', value, detail: 'User requested it', timestamp: at };
    const news = { contacts: [{ wa_id: phone }], user_preferences: [said] };
    expect(await post(rig.app, envelope(news, { ...channel, field: 'user_preferences' }))).toBe(200);
    await drained(rig.app);
  }
  let phones = 14_155_550_100;
  async function customer(): Promise<{ id: string; phone: string }> {
    const phone = String((phones += 1));
    return { id: await rig.thread({ channelId: channel.id, phone }), phone };
  }

  it('with the answer to a send: is kept as of the second in which the call began, and told in the thread', async () => {
    const { id } = await customer();
    rig.graph.answer = () => graphError(131_050);
    const { body } = await sends(id);
    await rig.becomes(body.id, 'failed');
    const [row] = await rig.sql<{ at: Date }>(
      `select date_trunc('second', started_at) as at from send_attempts where message_id = $1`,
      [body.id],
    );
    expect(await stoppedAt(id)).toBe(row?.at.toISOString());
    expect(await lines(id)).toEqual(['marketing_stopped']);
    expect(rig.graph.of(id)).toHaveLength(1);
    expect(await sends(id)).toMatchObject({ status: 409, body: { code: 'contact.marketing_stopped' } });
    rig.graph.answer = () => 'ok';
    const utility = await sends(id, 'pickup');
    expect(utility.status).toBe(201);
    await rig.becomes(utility.body.id, 'accepted');
  });

  it('with the answer to a send: a word of theirs from after the call wins, and one from before does not', async () => {
    const [later, earlier] = [await customer(), await customer()];
    rig.graph.answer = () => 'ok';
    const second = await now();
    await prefers(later.phone, 'resume', second + 60);
    await prefers(earlier.phone, 'resume', second - 60);
    rig.graph.answer = () => graphError(131_050);
    for (const { id } of [later, earlier]) await rig.becomes((await sends(id)).body.id, 'failed');
    expect([await stoppedAt(later.id), await lines(later.id)]).toEqual([null, []]);
    expect(await stoppedAt(earlier.id)).not.toBeNull();
    expect(await lines(earlier.id)).toEqual(['marketing_stopped']);
  });

  it('is heard while a file is uploaded: the marketing message that waits for it does not leave', async () => {
    const { id, phone } = await customer();
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ($1, '3', 'autumn_picture', 'en_US', 'marketing', 'approved', 'green', 'positional',
         '[{"type":"HEADER","format":"IMAGE"},{"type":"BODY","text":"Autumn sale."}]', app_now())`,
      [WABA],
    );
    const upload = async (): Promise<string> => {
      const answer = await fetch(`${rig.app.url}/api/media?kind=image`, {
        method: 'POST',
        headers: { authorization: `Bearer ${rig.ana.token}`, 'content-type': 'application/octet-stream' },
        body: PNG,
      });
      return ((await answer.json()) as { id: string }).id;
    };
    const sendsPicture = async (conversationId: string): Promise<string> => {
      const header = { fileId: await upload() };
      const template = { name: 'autumn_picture', language: 'en_US', header };
      const path = `/conversations/${conversationId}/messages`;
      const request = { clientMessageId: randomUUID(), type: 'template', template };
      return (await rig.app.call<Message>(rig.ana, 'POST', path, request)).body.id;
    };
    let release: (value?: unknown) => void = () => undefined;
    const held = () => void (rig.graph.uploadGate = new Promise((resolve) => (release = resolve)));

    held();
    const unwanted = await sendsPicture(id);
    await rig.becomes(unwanted, 'sending');
    await prefers(phone, 'stop', await now());
    release();
    await rig.becomes(unwanted, 'failed');
    expect((await rig.message(unwanted)).error).toMatchObject({ code: 'marketing_stopped', retryable: false });
    expect(rig.graph.of(id)).toEqual([]);

    // The number itself is stopped: it waits, and goes when the number may send again.
    const thread = await customer();
    held();
    const waiting = await sendsPicture(thread.id);
    await rig.becomes(waiting, 'sending');
    await rig.sql(`update channels set sending_state = 'stopped' where id = $1`, [channel.id]);
    release();
    rig.graph.uploadGate = null;
    await rig.becomes(waiting, 'queued');
    expect(rig.graph.of(thread.id)).toEqual([]);
    await rig.sql(`update channels set sending_state = 'ok' where id = $1`, [channel.id]);
    await rig.becomesInTime(waiting, 'accepted');
    expect(rig.graph.of(thread.id)).toHaveLength(1);
  });

  it('with a failed status: is kept as of Meta’s time, and lifted by what they say after it', async () => {
    const { id, phone } = await customer();
    const { id: messageId, wamid } = await accepted(id);
    const second = await now();
    await fails(wamid, { at: second });
    expect((await rig.message(messageId)).status).toBe('failed');
    expect(await stoppedAt(id)).toBe(iso(second));
    expect(await sends(id)).toMatchObject({
      status: 409,
      body: { code: 'contact.marketing_stopped', stoppedAt: iso(second) },
    });
    await prefers(phone, 'resume', second + 30);
    expect(await stoppedAt(id)).toBeNull();
    expect(await lines(id)).toEqual(['marketing_stopped', 'marketing_resumed']);
    // Meta repeats itself, in other bytes.
    await fails(wamid, { at: second, over: { repeated: true } });
    expect(await stoppedAt(id)).toBeNull();
    expect(await lines(id)).toEqual(['marketing_stopped', 'marketing_resumed']);
    expect((await sends(id)).status).toBe(201);
  });

  it('with a failed status that is told late: what they said after it stands', async () => {
    const { id, phone } = await customer();
    const { wamid } = await accepted(id);
    const second = await now();
    await prefers(phone, 'resume', second);
    await fails(wamid, { at: second - 30 });
    expect(await stoppedAt(id)).toBeNull();
    expect(await lines(id)).toEqual([]);
  });

  it('with a failed status and their own word beside it: is told once', async () => {
    const { id, phone } = await customer();
    const { wamid } = await accepted(id);
    const second = await now();
    await fails(wamid, { at: second });
    await prefers(phone, 'stop', second - 5);
    await prefers(phone, 'stop', second + 5);
    expect(await stoppedAt(id)).toBe(iso(second + 5));
    expect(await lines(id)).toEqual(['marketing_stopped']);
  });

  it('with a failed status that comes before the answer to its send: is kept once the message is known', async () => {
    const { id } = await customer();
    const second = await now();
    rig.graph.answer = async (send: ArrivedSend): Promise<FakeAnswer> => {
      await fails(send.wamid, { at: second });
      await waitFor(async () => {
        const found = await rig.sql(`select from webhook_items where outcome = 'waiting' and waiting_for = $1`, [
          send.wamid,
        ]);
        return found.length > 0;
      });
      return 'ok';
    };
    const { body } = await sends(id);
    await rig.becomes(body.id, 'failed');
    await waitFor(async () => (await stoppedAt(id)) === iso(second));
    expect(await lines(id)).toEqual(['marketing_stopped']);
  });

  it('with a failed status of a send without an answer: is kept by what our callback data say', async () => {
    const { id } = await customer();
    rig.graph.answer = () => 'reset';
    const { body } = await sends(id);
    await rig.becomes(body.id, 'unknown');
    const [send] = rig.graph.of(id);
    const second = await now();
    await fails(send?.wamid ?? '', {
      at: second,
      over: { biz_opaque_callback_data: JSON.stringify(send?.callback) },
    });
    expect((await rig.message(body.id)).status).toBe('failed');
    expect(await stoppedAt(id)).toBe(iso(second));
  });

  describe('what is queued when a stop arrives', () => {
    const hold = (isHeld: boolean) =>
      rig.sql(`update channels set sending_state = $2 where id = $1`, [channel.id, isHeld ? 'stopped' : 'ok']);
    const resend = (id: string, messageId: string) =>
      rig.app.call<Message & Pick<Problem, 'code'>>(
        rig.ana,
        'POST',
        `/conversations/${id}/messages/${messageId}/resend`,
        { clientMessageId: randomUUID() },
      );
    const shown = async (id: string, messageId: string): Promise<Message | undefined> =>
      (await rig.app.call<MessageList>(rig.ana, 'GET', `/conversations/${id}/messages`)).body.items.find(
        (one) => one.id === messageId,
      );

    it('fails in plain words without a call, what is no marketing goes, and may be sent again once they resume', async () => {
      const { id, phone } = await customer();
      await hold(true);
      const [sale, pickup] = [(await sends(id)).body, (await sends(id, 'pickup')).body];
      const second = await now();
      await prefers(phone, 'stop', second);
      await hold(false);
      await rig.sweep();
      await rig.becomes(pickup.id, 'accepted');
      expect(await rig.message(sale.id)).toMatchObject({ status: 'failed', attempts: 0 });
      expect(rig.graph.of(id).map(({ callback }) => callback?.m)).toEqual([pickup.id]);
      expect((await shown(id, sale.id))?.error).toMatchObject({
        code: 'marketing_stopped',
        reason: 'optedOut',
        title: 'Not sent: the customer wants no marketing messages.',
        retryable: false,
      });
      expect((await resend(id, sale.id)).body.code).toBe('contact.marketing_stopped');

      const { rev = 0 } = (await shown(id, sale.id)) ?? {};
      await prefers(phone, 'resume', second + 30);
      const after = await shown(id, sale.id);
      expect(after?.error).toMatchObject({ retryable: true });
      expect(after?.rev).toBeGreaterThan(rev);
      const again = await resend(id, sale.id);
      expect(again.status).toBe(201);
      await rig.becomes(again.body.id, 'accepted');
      expect((await shown(id, sale.id))?.error).toMatchObject({ retryable: false });
    });

    it('leaves as ever where they resumed before its turn came', async () => {
      const { id, phone } = await customer();
      await hold(true);
      const { body: sale } = await sends(id);
      const second = await now();
      await prefers(phone, 'stop', second);
      await prefers(phone, 'resume', second + 1);
      await hold(false);
      await rig.sweep();
      await rig.becomes(sale.id, 'accepted');
    });
  });

  describe('what Meta refused because of a stop', () => {
    const page = async (): Promise<FailureList['items']> =>
      (await rig.app.call<FailureList>(rig.ana, 'GET', '/failures/messages?state=failed&code=131050')).body.items;
    const group = async () =>
      (await rig.app.call<FailureGroupList>(rig.ana, 'GET', '/failures')).body.items.find(
        ({ code }) => code === '131050',
      );
    const obstacleOf = async (messageId: string) =>
      (await page()).find(({ message }) => message.id === messageId)?.obstacle;
    const told = async (since: string): Promise<string[]> => {
      const { body } = await rig.app.call<EventPage>(rig.ana, 'GET', `/events?since=${since}&limit=100`);
      return body.events.flatMap(({ type, payload }) => (type === 'message:updated' ? [payload.id] : []));
    };

    it('waits for them to resume on the desk, in the thread and on every screen', async () => {
      await rig.sql(`update messages set settled_at = app_now(), settled_as = 'dismissed' where status = 'failed'`);
      const { id, phone } = await customer();
      const { id: messageId, wamid } = await accepted(id);
      const second = await now();
      await fails(wamid, { at: second });
      expect(await obstacleOf(messageId)).toBe('marketing');
      expect(await group()).toMatchObject({ count: 1, retryable: false });

      const { cursor } = (await rig.app.call<EventPage>(rig.ana, 'GET', '/events')).body;
      await prefers(phone, 'resume', second + 30);
      expect(await obstacleOf(messageId)).toBeNull();
      expect(await group()).toMatchObject({ count: 1, retryable: true });
      await waitFor(async () => (await told(cursor)).includes(messageId));

      await prefers(phone, 'stop', second + 60);
      expect(await obstacleOf(messageId)).toBe('marketing');
      expect(await group()).toMatchObject({ retryable: false });
    });
  });

  describe('with a failed status of what another system sent', () => {
    let echoes = 0;
    const echoed = async (phone: string): Promise<{ wamid: string; told: object }> => {
      const wamid = `wamid.ECHO${String((echoes += 1))}`;
      const sent = { from: '12025550134', to: phone, id: wamid, timestamp: String(await now()), type: 'text' };
      return { wamid, told: { message_echoes: [{ ...sent, text: { body: 'Autumn sale.' } }] } };
    };
    const comes = async (told: object): Promise<void> => {
      expect(await post(rig.app, envelope(told, { ...channel, field: 'message_echoes' }))).toBe(200);
      await drained(rig.app);
    };

    it('is kept, whichever of the two comes first', async () => {
      for (const isEchoFirst of [true, false]) {
        const { id, phone } = await customer();
        const { wamid, told } = await echoed(phone);
        const second = await now();
        if (isEchoFirst) await comes(told);
        await fails(wamid, { at: second });
        if (!isEchoFirst) {
          expect(await stoppedAt(id)).toBeNull();
          await comes(told);
        }
        expect(await stoppedAt(id)).toBe(iso(second));
        expect(await lines(id)).toEqual(['marketing_stopped']);
        expect((await sends(id)).body.code).toBe('contact.marketing_stopped');
      }
    });

    it('is kept of a customer whom nobody here knew', async () => {
      const phone = String((phones += 1));
      const { wamid, told } = await echoed(phone);
      await fails(wamid, { at: await now() });
      await comes(told);
      const [thread] = await rig.sql<{ id: string }>(
        'select c.id from conversations c join contacts p on p.id = c.contact_id where p.phone = $1',
        [phone],
      );
      expect(await stoppedAt(thread?.id ?? '')).not.toBeNull();
      expect(await lines(thread?.id ?? '')).toEqual(['marketing_stopped']);
    });

    it('does not undo what they said after it', async () => {
      const { id, phone } = await customer();
      const { wamid, told } = await echoed(phone);
      const second = await now();
      await fails(wamid, { at: second - 30 });
      await prefers(phone, 'resume', second);
      await comes(told);
      expect(await stoppedAt(id)).toBeNull();
      expect(await lines(id)).toEqual([]);
    });
  });

  it('stands in every thread of theirs, whichever number it was told on', async () => {
    const { id } = await customer();
    const elsewhere = await rig.thread({ channelId: other.id });
    await rig.sql(
      'update conversations set contact_id = (select contact_id from conversations where id = $1) where id = $2',
      [id, elsewhere],
    );
    rig.graph.answer = () => graphError(131_050);
    await rig.becomes((await sends(id)).body.id, 'failed');
    expect(await lines(elsewhere)).toEqual(['marketing_stopped']);
    expect((await sends(elsewhere)).body.code).toBe('contact.marketing_stopped');
  });

  it('is told by that code alone, wherever it stands among several', async () => {
    const { id } = await customer();
    const [first, second] = [await accepted(id), await accepted(id)];
    const at = await now();
    await fails(first.wamid, { at, codes: [131_049, 131_026, 131_063] });
    rig.graph.answer = () => graphError(131_049);
    await rig.becomes((await sends(id)).body.id, 'failed');
    expect(await stoppedAt(id)).toBeNull();
    await fails(second.wamid, { at, codes: [131_000, 131_050] });
    expect(await stoppedAt(id)).toBe(iso(at));
  });
});
