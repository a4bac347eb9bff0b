import type { MessageList, Conversation, Message, Problem } from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { OutboundRig } from './support/outbound-rig.js';
import type { TestAgent } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

interface Changed extends Problem {
  messages: Message[];
  conversation: Conversation;
}

describe('sending over HTTP', () => {
  let rig: OutboundRig;
  let ana: TestAgent;
  let ben: TestAgent;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    ana = rig.ana;
    ben = await rig.app.given.agent({ name: 'Ben' });
  });
  beforeEach(() => {
    rig.graph.answer = () => 'ok';
  });
  afterAll(() => rig.close());

  const conversation = async (id: string) =>
    (await rig.app.call<Conversation>(ana, 'GET', `/conversations/${id}`)).body;
  const timeline = async (id: string) =>
    (
      await rig.sql<{ kind: string }>('select kind from timeline_entries where conversation_id = $1 order by id', [id])
    ).map((line) => line.kind);

  it('answers 201 with the message, claims the thread, and Meta gets it', async () => {
    const id = await rig.thread({ inbound: ['Hello?'] });
    const { status, body } = await rig.send(id, 'Hi Maria');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      conversationId: id,
      seq: 2,
      direction: 'outbound',
      type: 'text',
      text: { body: 'Hi Maria' },
      sender: { type: 'agent', id: ana.id, name: 'Ana' },
      error: null,
    });
    await rig.becomes(body.id, 'accepted');
    const [send] = rig.graph.of(id);
    expect(send).toMatchObject({
      phoneNumberId: rig.channel.phoneNumberId,
      token: 'test-token',
      callback: { c: id, m: body.id, a: 1 },
      body: { type: 'text', text: { body: 'Hi Maria', preview_url: false } },
    });
    expect((await rig.message(body.id)).wamid).toBe(send?.wamid);
    expect(await conversation(id)).toMatchObject({ assignee: { id: ana.id }, handler: 'agent', waitingSince: null });
    expect(await timeline(id)).toEqual(['claimed']);
  });

  it('makes one message of 20 identical requests at once', async () => {
    const id = await rig.thread();
    const clientMessageId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.send(id, 'once', { clientMessageId })));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(19);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    await rig.becomes(answers[0]?.body.id ?? '', 'accepted');
    expect(rig.graph.of(id)).toHaveLength(1);
  });

  it('repeats the answer even when the window has closed, the thread moved on or access is gone', async () => {
    const id = await rig.thread({ inbound: ['Hello?'] });
    const clientMessageId = randomUUID();
    const first = await rig.send(id, 'hi', { clientMessageId, basedOn: 1 });
    await rig.customerWrites(id, 'anybody?');
    const [team] = await rig.sql<{ id: string }>(`insert into teams (id, name) values ($1, 'Elsewhere') returning id`, [
      randomUUID(),
    ]);
    await rig.sql(
      `update conversations set window_expires_at = app_now() - interval '1 s', team_id = $2, assignee_id = null
       where id = $1`,
      [id, team?.id],
    );
    const again = await rig.send(id, 'hi', { clientMessageId, basedOn: 0 });
    expect(again.status).toBe(200);
    expect(again.body.id).toBe(first.body.id);
    expect((await rig.send(id, 'new')).status).toBe(404);
  });

  it('refuses an id that was used for another body or by somebody else', async () => {
    const id = await rig.thread();
    const clientMessageId = randomUUID();
    await rig.sent(id, 'one', { clientMessageId });
    for (const answer of [
      await rig.send(id, 'two', { clientMessageId }),
      await rig.send(id, 'one', { clientMessageId, agent: ben }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'message.id_reused' });
    }
  });

  it('refuses when the customer or a colleague has written since, and says what', async () => {
    const id = await rig.thread({ inbound: ['one'] });
    const news = await rig.customerWrites(id, 'two');
    const stale = await rig.app.call<Changed>(ana, 'POST', `/conversations/${id}/messages`, {
      clientMessageId: randomUUID(),
      type: 'text',
      text: { body: 'late' },
      basedOn: 1,
    });
    expect(stale.status).toBe(409);
    expect(stale.body).toMatchObject({ code: 'conversation.changed', conversation: { id, lastSeq: 2 } });
    expect(stale.body.messages.map((message) => message.id)).toEqual([news]);
    await rig.sent(id, 'in time', { basedOn: 2 });
    await rig.sent(id, 'my own words are no news', { basedOn: 2 });
    expect((await rig.send(id, 'me too', { agent: ben, basedOn: 2 })).body).toMatchObject({
      code: 'conversation.changed',
    });
  });

  it("wants a fresh basedOn in a colleague's thread, leaves the owner and writes a line", async () => {
    const id = await rig.thread({ assigneeId: ana.id, inbound: ['Hello?'] });
    const blind = await rig.send(id, 'let me', { agent: ben });
    expect(blind.status).toBe(409);
    expect(blind.body).toMatchObject({ code: 'conversation.changed' });
    await rig.sent(id, 'let me', { agent: ben, basedOn: 1 });
    expect(await conversation(id)).toMatchObject({ assignee: { id: ana.id } });
    expect(await timeline(id)).toEqual(['replied_by_other']);
  });

  it("takes over the bot's thread and silences what the bot still had queued", async () => {
    const id = await rig.thread({ status: 'pending', inbound: ['Hello?'] });
    await rig.sent(id, 'A person here');
    expect(await conversation(id)).toMatchObject({ status: 'open', assignee: { id: ana.id } });
    expect(await timeline(id)).toEqual(['taken_over']);
  });

  it('refuses once the customer service window is closed, with the time', async () => {
    const closedAt = '2026-01-02T03:04:05.678Z';
    const closed = await rig.send(await rig.thread({ windowExpiresAt: closedAt }), 'too late');
    expect(closed.status).toBe(422);
    expect(closed.body).toMatchObject({ code: 'window.closed', closedAt });
    const never = await rig.send(await rig.thread({ windowExpiresAt: null }), 'never open');
    expect(never.body).toMatchObject({ code: 'window.closed', closedAt: null });
    const unknown = await rig.send(randomUUID(), 'nobody');
    expect(unknown.body).toMatchObject({ code: 'conversation.not_found' });
  });

  it('quotes, also a message that is still on its way', async () => {
    const id = await rig.thread();
    const quoted = await rig.customerWrites(id, 'How much?');
    await rig.sent(id, '25', { replyTo: quoted });
    const own = await rig.sent(id, 'dollars', {});
    const last = await rig.sent(id, 'I mean this', { replyTo: own });
    await rig.becomes(last, 'accepted');
    const sends = rig.graph.of(id);
    expect(sends[0]?.body['context']).toEqual({ message_id: `wamid.IN${quoted}` });
    expect(sends[2]?.body['context']).toEqual({ message_id: sends[1]?.wamid });
    const lost = await rig.send(id, 'what?', { replyTo: randomUUID() });
    expect(lost.status).toBe(422);
    expect(lost.body).toMatchObject({ code: 'message.reply_not_found' });
  });

  it('offers reply buttons', async () => {
    const id = await rig.thread();
    const { status, body } = await rig.app.call<Message>(ana, 'POST', `/conversations/${id}/messages`, {
      clientMessageId: randomUUID(),
      type: 'interactive',
      interactive: { body: 'Which one?', buttons: [{ id: 'a', title: 'A' }] },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      type: 'interactive',
      text: { body: 'Which one?' },
      interactive: { kind: 'buttons', buttons: [{ id: 'a', title: 'A' }] },
    });
    await rig.becomes(body.id, 'accepted');
    expect(rig.graph.of(id)[0]?.body).toMatchObject({ interactive: { type: 'button' } });
  });

  it('offers a list that thread, search and Meta have in the same words, and none with a row too many', async () => {
    const id = await rig.thread();
    const offer = (rows: number) => ({
      clientMessageId: randomUUID(),
      type: 'interactive',
      interactive: {
        kind: 'list',
        body: 'Which quokka?',
        buttonText: 'Quokkas',
        sections: [
          {
            title: 'All',
            rows: Array.from({ length: rows }, (_, at) => ({ id: `q${String(at)}`, title: `No ${String(at)}` })),
          },
        ],
      },
    });
    const path = `/conversations/${id}/messages`;
    const refused = await rig.app.call<Problem>(ana, 'POST', path, offer(11));
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({
      code: 'request.invalid',
      fields: [{ path: 'interactive.sections', message: 'a list has at most 10 rows in all its sections together' }],
    });

    const request = offer(10);
    const { status, body } = await rig.app.call<Message>(ana, 'POST', path, request);
    expect(status).toBe(201);
    const { sections } = request.interactive;
    expect(body).toMatchObject({
      type: 'interactive',
      text: { body: 'Which quokka?' },
      interactive: { kind: 'list', buttonText: 'Quokkas', sections },
    });
    await rig.becomes(body.id, 'accepted');
    expect(rig.graph.of(id).map((send) => send.body['interactive'])).toEqual([
      { type: 'list', body: { text: 'Which quokka?' }, action: { button: 'Quokkas', sections } },
    ]);
    expect((await rig.app.call(ana, 'POST', path, request)).status).toBe(200);
    expect(await conversation(id)).toMatchObject({ lastMessage: { preview: 'Which quokka?' } });
  });

  it('offers every other kind in the shape that Meta documents, once', async () => {
    const body = 'Please';
    const named = (type: string, name: string, parameters?: object) => ({
      type,
      body: { text: body },
      action: { name, ...(parameters && { parameters }) },
    });
    const kinds: [object, object][] = [
      [
        { kind: 'link', body, buttonText: 'Open', url: 'https://example.org' },
        named('cta_url', 'cta_url', { display_text: 'Open', url: 'https://example.org' }),
      ],
      [{ kind: 'location_request', body }, named('location_request_message', 'send_location')],
      [{ kind: 'contact_request', body }, named('request_contact_info', 'request_contact_info')],
      [{ kind: 'call_permission_request', body }, named('call_permission_request', 'call_permission_request')],
      [{ kind: 'call_button', body, buttonText: 'Call' }, named('voice_call', 'voice_call', { display_text: 'Call' })],
      [
        { kind: 'flow', body, buttonText: 'Book', flow: { id: '77' } },
        named('flow', 'flow', { flow_message_version: '3', flow_id: '77', flow_cta: 'Book' }),
      ],
      [
        { kind: 'product', catalogId: '6100', productId: 'SKU-7' },
        { type: 'product', action: { catalog_id: '6100', product_retailer_id: 'SKU-7' } },
      ],
      [{ kind: 'catalog', body }, named('catalog_message', 'catalog_message', {})],
    ];
    for (const [interactive, expected] of kinds) {
      const id = await rig.thread();
      const path = `/conversations/${id}/messages`;
      const request = { clientMessageId: randomUUID(), type: 'interactive', interactive };
      const { status, body: message } = await rig.app.call<Message>(ana, 'POST', path, request);
      expect(status, JSON.stringify(message)).toBe(201);
      await rig.becomes(message.id, 'accepted');
      expect(rig.graph.of(id).map((send) => send.body['interactive'])).toEqual([expected]);
    }
  });

  it('stores what PostgreSQL cannot hold without it', async () => {
    const id = await rig.thread();
    const { status, body } = await rig.send(id, 'a\u0000b\ud800');
    expect(status).toBe(201);
    expect(body.text?.body).toBe('ab\ufffd');
  });

  it('sends a failed message again as a new one, once for each id', async () => {
    const id = await rig.thread();
    rig.graph.answer = () => graphError(131_037);
    const failed = await rig.sent(id, 'again please');
    await rig.becomes(failed, 'failed');
    rig.graph.answer = () => 'ok';
    const path = `/conversations/${id}/messages/${failed}/resend`;
    const clientMessageId = randomUUID();
    const first = await rig.app.call<Message>(ana, 'POST', path, { clientMessageId });
    const second = await rig.app.call<Message>(ana, 'POST', path, { clientMessageId });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect(first.body).toMatchObject({ seq: 2, text: { body: 'again please' } });
    await rig.becomes(first.body.id, 'accepted');
    expect((await rig.message(failed)).status).toBe('failed');
    const sentOnes = await rig.app.call(ana, 'POST', `/conversations/${id}/messages/${first.body.id}/resend`, {
      clientMessageId: randomUUID(),
    });
    expect(sentOnes.status).toBe(409);
    expect(sentOnes.body).toMatchObject({ code: 'message.not_retryable' });
  });

  it('sends a failed message again only once, however many ask at the same time', async () => {
    const id = await rig.thread();
    rig.graph.answer = () => graphError(131_037);
    const failed = await rig.sent(id, 'who is first?');
    await rig.becomes(failed, 'failed');
    rig.graph.answer = () => 'ok';
    const supervisor = await rig.app.given.agent({ role: 'supervisor' });
    const answers = await Promise.all(
      [ana, supervisor, ana, supervisor].map((agent) =>
        rig.app.call<Message>(agent, 'POST', `/conversations/${id}/messages/${failed}/resend`, {
          clientMessageId: randomUUID(),
          basedOn: 1,
        }),
      ),
    );
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken).toHaveLength(1);
    await rig.becomes(taken[0]?.body.id ?? '', 'accepted');
    // One refused try and one that was taken.
    expect(rig.graph.of(id)).toHaveLength(2);
    const { body } = await rig.app.call<MessageList>(ana, 'GET', `/conversations/${id}/messages`);
    const original = body.items.find((message) => message.id === failed);
    expect(original?.error).toMatchObject({ code: 131_037, reason: 'displayName', retryable: false });
  });

  it('sends no failed message again that can never arrive', async () => {
    const id = await rig.thread();
    rig.graph.answer = () => graphError(131_026);
    const failed = await rig.sent(id, 'hopeless');
    await rig.becomes(failed, 'failed');
    const { body } = await rig.app.call(ana, 'POST', `/conversations/${id}/messages/${failed}/resend`, {
      clientMessageId: randomUUID(),
    });
    expect(body).toMatchObject({ code: 'message.not_retryable' });
  });

  it('lets a person send an unknown message again after two minutes', async () => {
    const id = await rig.thread();
    rig.graph.answer = () => 'reset';
    const lost = await rig.sent(id, 'lost?');
    await rig.becomes(lost, 'unknown');
    rig.graph.answer = () => 'ok';
    const resend = () =>
      rig.app.call<Message>(ana, 'POST', `/conversations/${id}/messages/${lost}/resend`, {
        clientMessageId: randomUUID(),
      });
    expect((await resend()).body).toMatchObject({ code: 'message.not_retryable' });
    await rig.advanceClock('2 minutes');
    const again = await resend();
    expect(again.status).toBe(201);
    await rig.becomes(again.body.id, 'accepted');
  });

  it('turns the ticks blue on a reply where the policy says so', async () => {
    await rig.app.call(await rig.app.given.agent({ role: 'admin' }), 'PATCH', `/channels/${rig.channel.id}`, {
      receiptsPolicy: 'on_reply',
    });
    const id = await rig.thread();
    const asked = await rig.customerWrites(id, 'Hello?');
    await rig.sent(id, 'Hi');
    await waitFor(() => rig.graph.receipts.includes(`wamid.IN${asked}`), 'the read receipt');
  });
});
