import type { Message, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { OutboundRig } from './support/outbound-rig.js';

const WABA = '318840027715906';
const BODY = { type: 'BODY', text: 'Hello {{1}}, your order {{2}} is ready.' };

/** A row of `message_templates`, as far as a test changes it. */
interface Given {
  category?: string;
  status?: string;
  components?: object[];
}

describe('a template message that failed', () => {
  let rig: OutboundRig;
  let channelId: string;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    channelId = (await rig.app.given.channel({ businessAccountId: WABA })).id;
  });
  afterAll(() => rig.close());
  beforeEach(async () => {
    rig.graph.answer = () => 'ok';
    await template();
  });

  /** What Meta has under the name, from now on. */
  async function template({ category = 'utility', status = 'approved', components = [BODY] }: Given = {}) {
    await rig.sql('delete from message_templates');
    await rig.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, quality,
         parameter_format, components, updated_at)
       values ($1, '1', 'pickup_ready', 'en_US', $2, $3, 'green', 'positional', $4, app_now())`,
      [WABA, category, status, JSON.stringify(components)],
    );
  }
  const closed = () => rig.thread({ channelId, windowExpiresAt: '2026-01-01T00:00:00Z' });

  async function failed(conversationId: string, over: object = {}, beside: object = {}): Promise<Message> {
    rig.graph.answer = () => graphError(131_042);
    const filled = { name: 'pickup_ready', language: 'en_US', body: { 1: 'Maria', 2: '8841' }, ...over };
    const { status, body } = await rig.app.call<Message>(rig.ana, 'POST', `/conversations/${conversationId}/messages`, {
      clientMessageId: randomUUID(),
      type: 'template',
      template: filled,
      ...beside,
    });
    expect(status).toBe(201);
    await rig.becomes(body.id, 'failed');
    rig.graph.answer = () => 'ok';
    return body;
  }
  const resend = ({ conversationId, id }: Message, clientMessageId = randomUUID()) =>
    rig.app.call<Message & Pick<Problem, 'code'>>(
      rig.ana,
      'POST',
      `/conversations/${conversationId}/messages/${id}/resend`,
      {
        clientMessageId,
      },
    );
  const settledAs = async ({ id }: Message): Promise<string | null> => {
    const [row] = await rig.sql<{ as: string | null }>('select settled_as as "as" from messages where id = $1', [id]);
    return row?.as ?? null;
  };
  const stopMarketing = (conversationId: string, isStopped: boolean) =>
    rig.sql(
      `update contacts set marketing_stopped = $2, marketing_told_at = '2026-11-20T10:00:00Z'
       where id = (select contact_id from conversations where id = $1)`,
      [conversationId, isStopped],
    );

  it('goes out again as it is by now, once, however often that is asked for', async () => {
    const message = await failed(await closed());
    await template({ components: [{ ...BODY, text: 'Dear {{1}}: order {{2}} is ready.' }] });
    const clientMessageId = randomUUID();
    const again = await resend(message, clientMessageId);
    expect(again).toMatchObject({
      status: 201,
      body: { type: 'template', template: { body: 'Dear Maria: order 8841 is ready.' } },
    });
    await rig.becomes(again.body.id, 'accepted');
    expect((await resend(message, clientMessageId)).body.id).toBe(again.body.id);
    expect((await resend(message)).body.code).toBe('message.not_retryable');
    expect(await settledAs(message)).toBe('resent');
    expect(rig.graph.of(message.conversationId)).toHaveLength(2);
    expect(rig.graph.of(message.conversationId)[1]?.body).toMatchObject({
      template: { components: [{ parameters: [{ text: 'Maria' }, { text: '8841' }] }] },
    });
  });

  it('stays of the campaign that it was sent for, and what is sent on is of none', async () => {
    const message = await failed(await closed(), {}, { campaign: 'Autumn sale' });
    expect(message.campaign).toBe('Autumn sale');
    const { body: again } = await resend(message);
    expect(again.campaign).toBe('Autumn sale');
    await rig.becomes(again.id, 'accepted');
    const id = await rig.thread({ channelId });
    const path = `/conversations/${id}/messages`;
    const clientMessageId = randomUUID();
    const text = { clientMessageId, type: 'text', text: { body: 'It is ready' }, campaign: 'Autumn sale' };
    const { body: sent } = await rig.app.call<Message>(rig.ana, 'POST', path, text);
    expect(sent.campaign).toBe('Autumn sale');
    const { body: forwarded } = await rig.app.call<Message>(rig.ana, 'POST', `${path}/${sent.id}/forward`, {
      clientMessageId: randomUUID(),
      to: id,
    });
    expect(forwarded).toMatchObject({ text: { body: 'It is ready' } });
    expect(forwarded).not.toHaveProperty('campaign');
  });

  it('takes the file of its header along', async () => {
    const uploaded = await fetch(`${rig.app.url}/api/media?kind=image&fileName=shelf.png`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.ana.token}`, 'content-type': 'application/octet-stream' },
      body: PNG,
    });
    const { id: fileId } = (await uploaded.json()) as { id: string };
    await template({ components: [{ type: 'HEADER', format: 'IMAGE' }, BODY] });
    const message = await failed(await closed(), { header: { fileId } });
    const again = await resend(message);
    expect(again).toMatchObject({ status: 201, body: { media: { id: fileId, state: 'ready' } } });
    await rig.becomes(again.body.id, 'accepted');
  });

  it.each<[string, Given | null, object]>([
    ['paused', { status: 'paused' }, { code: 'template.unavailable', templateStatus: 'paused' }],
    ['rejected', { status: 'rejected' }, { code: 'template.unavailable', templateStatus: 'rejected' }],
    ['disabled', { status: 'disabled' }, { code: 'template.unavailable', templateStatus: 'disabled' }],
    ['gone', null, { code: 'template.unavailable', templateStatus: 'unknown' }],
    [
      'of one more variable',
      { components: [{ ...BODY, text: 'Hello {{1}}, {{2}} is ready until {{3}}.' }] },
      { code: 'template.invalid', fields: [{ path: 'template.body.3', message: 'must be filled in' }] },
    ],
    [
      'of a variable less',
      { components: [{ ...BODY, text: 'Hello {{1}}, it is ready.' }] },
      { code: 'template.invalid', fields: [{ path: 'template.body.2' }] },
    ],
    [
      'of a picture more',
      { components: [{ type: 'HEADER', format: 'IMAGE' }, BODY] },
      { code: 'template.invalid', fields: [{ path: 'template.header.fileId' }] },
    ],
  ])('stays where it is while its template is %s, and goes once that is over', async (_how, given, refusal) => {
    const message = await failed(await closed());
    if (given) await template(given);
    else await rig.sql('delete from message_templates');
    expect(await resend(message)).toMatchObject({ status: 422, body: refusal });
    expect(await settledAs(message)).toBeNull();
    expect(rig.graph.of(message.conversationId)).toHaveLength(1);
    await template();
    const again = await resend(message);
    expect(again.status).toBe(201);
    await rig.becomes(again.body.id, 'accepted');
  });

  it.each<[string, Given]>([
    ['was marketing', { category: 'marketing' }],
    ['is marketing by now', { category: 'utility' }],
  ])('that %s goes to nobody who wants none of it any more', async (_how, given) => {
    await template(given);
    const message = await failed(await closed());
    await template({ category: 'marketing' });
    await stopMarketing(message.conversationId, true);
    expect(await resend(message)).toMatchObject({
      status: 409,
      body: { code: 'contact.marketing_stopped', stoppedAt: '2026-11-20T10:00:00.000Z' },
    });
    expect(await settledAs(message)).toBeNull();
    expect(rig.graph.of(message.conversationId)).toHaveLength(1);
    await stopMarketing(message.conversationId, false);
    expect((await resend(message)).status).toBe(201);
  });

  it('that is no marketing goes to them all the same', async () => {
    const message = await failed(await closed());
    await stopMarketing(message.conversationId, true);
    expect((await resend(message)).status).toBe(201);
  });

  it('with a one-time code goes to nobody whose number is not known any more', async () => {
    const otp = { type: 'OTP', otp_type: 'COPY_CODE', text: 'Copy code' };
    await template({
      category: 'authentication',
      components: [
        { type: 'BODY', text: '*{{1}}* is your verification code.' },
        { type: 'BUTTONS', buttons: [otp] },
      ],
    });
    const message = await failed(await closed(), { body: { 1: '739184' } });
    await rig.sql(
      `update contact_identities set retired_at = app_now()
       where contact_id = (select contact_id from conversations where id = $1)`,
      [message.conversationId],
    );
    expect(await resend(message)).toMatchObject({ status: 422, body: { code: 'message.phone_needed' } });
    expect(await settledAs(message)).toBeNull();
  });
});
