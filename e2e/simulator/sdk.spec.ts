import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OnMessageArgs, OnStatusArgs } from 'whatsapp-api-js/emitters';
import { Image, Reaction, Text } from 'whatsapp-api-js/messages';
import {
  ActionButtons,
  ActionList,
  Body,
  Button,
  Interactive,
  ListSection,
  Row,
} from 'whatsapp-api-js/messages/interactive';
import { BodyComponent, BodyParameter, Language, Template } from 'whatsapp-api-js/messages/template';
import { WhatsAppAPI } from 'whatsapp-api-js/middleware/node-http';
import type { Simulator } from './simulator.ts';
import { ACCESS_TOKEN, APP_SECRET, control, PHONE_NUMBER_ID, startSimulator, VERIFY_TOKEN } from './test-support.ts';

/**
 * A WhatsApp SDK that we did not write, pointed at the simulator: so our idea of Meta is not only our own. Its host name
 * is fixed, so its `fetch` is replaced by one that changes the host and nothing else.
 */
describe('whatsapp-api-js', () => {
  const messages: OnMessageArgs[] = [];
  const statuses: OnStatusArgs[] = [];
  const answers: number[] = [];
  let simulator: Simulator;
  let sdk: WhatsAppAPI;

  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      try {
        response.end(sdk.handle_get(request));
      } catch (status) {
        response.writeHead(Number(status)).end();
      }
      return;
    }
    void sdk.handle_post(request).then((status) => {
      answers.push(status);
      response.writeHead(status).end();
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    simulator = await startSimulator({ webhookUrl: `http://127.0.0.1:${String(port)}/message` });
    sdk = new WhatsAppAPI({
      token: ACCESS_TOKEN,
      appSecret: APP_SECRET,
      webhookVerifyToken: VERIFY_TOKEN,
      v: 'v24.0',
      ponyfill: { fetch: (input, init) => fetch(toSimulator(input), init) },
    });
    sdk.on.message = (args) => void messages.push(args);
    sdk.on.status = (args) => void statuses.push(args);
  });

  afterAll(async () => {
    await simulator.close();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    for (const list of [messages, statuses, answers]) list.length = 0;
  });

  function toSimulator(input: Parameters<typeof fetch>[0]): string {
    const url = input instanceof Request ? input.url : String(input);
    return url.replace('https://graph.facebook.com', simulator.url);
  }

  const maren = { phone: '+12065550142', bsuid: 'US.40918837265510472219' };

  it('verifies and parses what customers write, and answers it', async () => {
    const text = 'Café? https://lantern.example 😀';
    await control(simulator, 'POST', 'inbound', {
      contacts: [{ profile: { name: 'Maren Okafor' }, wa_id: '12065550142', user_id: maren.bsuid }],
      messages: [{ from: '12065550142', type: 'text', text: { body: text } }],
    });
    expect(answers).toEqual([200]);
    const [received] = messages;
    expect(received).toMatchObject({
      phoneID: PHONE_NUMBER_ID,
      contact: { profile: { name: 'Maren Okafor' }, wa_id: '12065550142', user_id: maren.bsuid },
      message: { type: 'text', text: { body: text } },
    });

    expect(await received?.received('text')).toEqual({ success: true });
    const reply = await received?.reply(new Text('Oui!'), true, 'job-1');
    expect(reply).toMatchObject({ messaging_product: 'whatsapp', contacts: [{ wa_id: '12065550142' }] });
    const sent = simulator.control.sent().at(-1);
    expect(sent?.body).toMatchObject({ context: { message_id: received?.message.id }, text: { body: 'Oui!' } });
    expect(simulator.control.receipts()).toMatchObject([{ wamid: received?.message.id, typing: true }]);
  });

  it('refuses a webhook that another secret signed', async () => {
    const other = await startSimulator({ appSecret: 'another', webhookUrl: simulatorWebhookUrl() });
    const fragment = { messages: [{ from: '12065550142', type: 'text', text: { body: 'forged' } }] };
    await control(other, 'POST', 'inbound?waitMs=200', fragment);
    await other.close();
    expect(answers).toContain(401);
    expect(messages).toEqual([]);
  });

  function simulatorWebhookUrl(): string {
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/message`;
  }

  it('sends each kind of message and hears their statuses', async () => {
    const rows = new ListSection(undefined, new Row('a', 'Beirut 1920', 'Rare'), new Row('b', 'Damascus 1900'));
    const target = messageId(
      await sdk.sendMessage(PHONE_NUMBER_ID, maren, new Text('Look: https://lantern.example', true)),
    );
    const answersOfAll = [
      await sdk.sendMessage(
        PHONE_NUMBER_ID,
        maren,
        new Interactive(new ActionButtons(new Button('t', 'Today'), new Button('m', 'Tomorrow')), new Body('When?')),
        undefined,
        'job-2',
      ),
      await sdk.sendMessage(
        PHONE_NUMBER_ID,
        maren,
        new Interactive(new ActionList('Choose', rows), new Body('Which map?')),
      ),
      await sdk.sendMessage(PHONE_NUMBER_ID, maren, new Reaction(target, '👍')),
      await sdk.sendMessage(PHONE_NUMBER_ID, maren, new Image('https://lantern.example/atlas.png', false, 'The atlas')),
      await sdk.sendMessage(
        PHONE_NUMBER_ID,
        maren,
        new Template(
          'order_ready',
          new Language('en_US'),
          new BodyComponent(new BodyParameter('Maren'), new BodyParameter('8841')),
        ),
      ),
      await sdk.sendMessage(PHONE_NUMBER_ID, { bsuid: 'CA.88213004517736620914' }, new Text('By user id')),
    ];
    const buttons = messageId(answersOfAll[0]);
    for (const answer of answersOfAll) expect(messageId(answer)).toMatch(/^wamid\./);
    expect(
      simulator.control
        .sent()
        .slice(-7)
        .map(({ type }) => type),
    ).toEqual(['text', 'interactive', 'interactive', 'reaction', 'image', 'template', 'text']);

    await vi.waitFor(() => {
      const seen = statuses.filter(({ id }) => id === buttons).map(({ status }) => status);
      expect(seen.toSorted()).toEqual(['delivered', 'read', 'sent']);
    });
    const delivered = statuses.find(({ id, status }) => id === buttons && status === 'delivered');
    expect(delivered).toMatchObject({
      phoneID: PHONE_NUMBER_ID,
      recipient: { phone: '12065550142', bsuid: maren.bsuid },
      biz_opaque_callback_data: 'job-2',
      pricing: { pricing_model: 'PMP', category: 'service' },
    });
  });

  it('understands our refusals', async () => {
    const answer = await sdk.sendMessage(
      PHONE_NUMBER_ID,
      maren,
      new Text('x'.repeat(4_096)),
      'a'.repeat(3),
      'x'.repeat(600),
    );
    expect(answer).toMatchObject({ error: { code: 100, type: 'OAuthException' } });
  });

  it('uploads, resolves, fetches and deletes media', async () => {
    const form = new FormData();
    form.set('file', new Blob(['%PDF-1.4 ćwiczenie'], { type: 'application/pdf' }), 'receipt.pdf');
    const uploaded = await sdk.uploadMedia(PHONE_NUMBER_ID, form);
    const id = 'id' in uploaded ? uploaded.id : '';
    const found = await sdk.retrieveMedia(id, PHONE_NUMBER_ID);
    expect(found).toMatchObject({ mime_type: 'application/pdf', file_size: '19', messaging_product: 'whatsapp' });
    const url = 'url' in found ? found.url : '';
    expect(new URL(url).origin).not.toBe(simulator.url);

    expect(await (await sdk.fetchMedia(url)).text()).toBe('%PDF-1.4 ćwiczenie');
    expect((await fetch(url)).status).toBe(401);
    expect(await sdk.deleteMedia(id)).toEqual({ success: true });
    expect((await sdk.fetchMedia(url)).status).toBe(404);
    expect(await sdk.retrieveMedia(id)).toMatchObject({ error: { code: 100, error_subcode: 33 } });
  });
});

function messageId(answer: Awaited<ReturnType<WhatsAppAPI['sendMessage']>> | undefined): string {
  return answer && 'messages' in answer ? answer.messages[0].id : '';
}
