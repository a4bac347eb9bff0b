import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OnMessageArgs, OnStatusArgs } from 'whatsapp-api-js/emitters';
import {
  Audio,
  CatalogProduct,
  Contacts,
  Document,
  Email,
  Image,
  Location,
  Name,
  Organization,
  Phone,
  Product,
  ProductSection,
  Reaction,
  Sticker,
  Text,
  Url,
  Video,
} from 'whatsapp-api-js/messages';
import {
  ActionButtons,
  ActionCallPermission,
  ActionCatalog,
  ActionContactRequest,
  ActionCTA,
  ActionFlow,
  ActionList,
  ActionLocation,
  ActionProduct,
  ActionProductList,
  Body,
  Button,
  Footer,
  Header,
  Interactive,
  ListSection,
  Row,
} from 'whatsapp-api-js/messages/interactive';
import {
  BodyComponent,
  BodyParameter,
  CopyComponent,
  HeaderComponent,
  HeaderParameter,
  Language,
  PayloadComponent,
  Template,
  URLComponent,
} from 'whatsapp-api-js/messages/template';
import type { ClientMessage } from 'whatsapp-api-js/types';
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
    await vi.waitFor(() => {
      expect(answers).toContain(401);
    });
    await other.close();
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

  const link = (file: string): string => `https://lantern.example/${file}`;
  const offer = new Body('Please');
  const form = (flow_token: string, flow_id: string) =>
    ({ flow_message_version: '3', mode: 'published', flow_cta: 'Book', flow_token, flow_id }) as const;
  const atlas = new CatalogProduct('LGB-ATLAS-07', '610038847722091');
  const everyKind: [string, string, ClientMessage][] = [
    ['text', 'a text', new Text('Oui!')],
    ['audio', 'a voice note', new Audio(link('note.ogg'), false, true)],
    ['document', 'a document', new Document(link('offer.pdf'), false, 'Yours', 'offer.pdf')],
    ['image', 'a picture', new Image(link('atlas.png'), false, 'The atlas')],
    ['sticker', 'a sticker', new Sticker(link('book.webp'))],
    ['video', 'a video', new Video(link('tour.mp4'), false, 'A tour')],
    ['location', 'a place', new Location(-9.1393, 38.7223, 'Lantern Books', 'Rua Garrett 12')],
    [
      'contacts',
      'a card',
      new Contacts([
        new Name('Rui Tavares', 'Rui', 'Tavares'),
        new Organization('Harbour Maps'),
        new Phone('+351 21 555 0100', 'WORK', '351215550100'),
        new Email('rui@maps.example', 'WORK'),
        new Url(link('rui'), 'WORK'),
      ]),
    ],
    [
      'interactive',
      'buttons under a picture',
      new Interactive(
        new ActionButtons(new Button('y', 'Yes'), new Button('n', 'No')),
        offer,
        new Header(new Image(link('atlas.png'))),
        new Footer('Until six'),
      ),
    ],
    [
      'interactive',
      'a list',
      new Interactive(new ActionList('Choose', new ListSection('All', new Row('a', 'A'))), offer),
    ],
    ['interactive', 'a link', new Interactive(new ActionCTA('Open', link('')), offer)],
    ['interactive', 'a product', new Interactive(new ActionProduct(atlas))],
    [
      'interactive',
      'products',
      new Interactive(
        new ActionProductList('610038847722091', new ProductSection('Maps', new Product('LGB-MAP-22'))),
        offer,
        new Header('Maps'),
      ),
    ],
    ['interactive', 'the catalogue', new Interactive(new ActionCatalog(new Product('LGB-MAP-22')), offer)],
    [
      'interactive',
      'a form',
      new Interactive(
        new ActionFlow({
          ...form('ft-1', '77'),
          flow_action: 'navigate',
          flow_action_payload: { screen: 'START', data: { seats: 4 } },
        }),
        offer,
      ),
    ],
    [
      'interactive',
      'a form with an endpoint',
      new Interactive(new ActionFlow({ ...form('ft-2', '78'), flow_action: 'data_exchange' }), offer),
    ],
    ['interactive', 'a request for the location', new Interactive(new ActionLocation(), offer)],
    ['interactive', 'a request to call', new Interactive(new ActionCallPermission(), offer)],
    ['interactive', 'a request for contact details', new Interactive(new ActionContactRequest(), offer)],
    [
      'template',
      'a template with a link',
      new Template(
        'order_sent',
        new Language('en_US'),
        new HeaderComponent(new HeaderParameter('8841')),
        new BodyComponent(new BodyParameter('Maren'), new BodyParameter('Friday')),
        new URLComponent('8841'),
      ),
    ],
    [
      'template',
      'a template with answers',
      new Template(
        'order_ready',
        new Language('en_US'),
        new BodyComponent(new BodyParameter('Maren'), new BodyParameter('8841')),
        new PayloadComponent('coming'),
        new PayloadComponent('tomorrow'),
      ),
    ],
    [
      'template',
      'a template with a picture, named values and a code',
      new Template(
        'new_arrivals',
        new Language('en_US'),
        new HeaderComponent(new HeaderParameter(new Image(link('atlas.png')), 'picture')),
        new BodyComponent(new BodyParameter('Maren', 'first_name'), new BodyParameter('The Atlas', 'title')),
        new CopyComponent('ATLAS10'),
      ),
    ],
  ];

  it.each(everyKind)('sends %s: %s', async (type, _what, message) => {
    const answer = await sdk.sendMessage(PHONE_NUMBER_ID, maren, message);
    expect(messageId(answer), JSON.stringify(answer)).toMatch(/^wamid\./);
    expect(simulator.control.sent().at(-1)).toMatchObject({ type, wamid: messageId(answer) });
  });

  it('sends to many, and marks as read with and without typing', async () => {
    const many = await Promise.all(
      sdk.broadcastMessage(
        PHONE_NUMBER_ID,
        ['43', '44', '45'].map((end) => ({ phone: `120655501${end}`, bsuid: `US.409188372655104722${end}` })),
        new Text('Hello'),
        2,
        1,
      ),
    );
    expect(many.map((answer) => messageId(answer).startsWith('wamid.'))).toEqual([true, true, true]);
    const { body } = await control(simulator, 'POST', 'inbound', {
      messages: [{ from: '12065550142', type: 'text', text: { body: 'Hi' } }],
    });
    const [wamid] = body['wamids'] as [string];
    expect(await sdk.markAsRead(PHONE_NUMBER_ID, wamid)).toEqual({ success: true });
    expect(await sdk.markAsRead(PHONE_NUMBER_ID, wamid, 'text')).toEqual({ success: true });
    expect(simulator.control.receipts().slice(-2)).toMatchObject([{ typing: false }, { typing: true }]);
  });

  it('blocks a customer: nothing goes either way until they are unblocked', async () => {
    const mia = { phone: '12065550177', bsuid: 'US.40918837265510472277' };
    // Only who wrote within 24 hours can be blocked.
    const greeted = { messages: [{ from: mia.phone, type: 'text', text: { body: 'Hello' } }] };
    await control(simulator, 'POST', 'inbound', greeted);
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(await sdk.blockUser(PHONE_NUMBER_ID, mia)).toMatchObject({
      block_users: { added_users: [{ input: mia.phone, wa_id: mia.phone }] },
    });
    expect(await sdk.sendMessage(PHONE_NUMBER_ID, mia, new Text('Again'))).toMatchObject({ error: { code: 130403 } });
    const wrote = { messages: [{ from: mia.phone, type: 'text', text: { body: 'Why?' } }] };
    expect((await control(simulator, 'POST', 'inbound', wrote)).body).toMatchObject({ delivered: false });
    expect(messages).toHaveLength(1);
    expect(await sdk.unblockUser(PHONE_NUMBER_ID, mia)).toMatchObject({
      block_users: { removed_users: [{ input: mia.phone }] },
    });
    expect(messageId(await sdk.sendMessage(PHONE_NUMBER_ID, mia, new Text('Sorry')))).toMatch(/^wamid\./);
  });

  it('makes, reads, changes and deletes QR codes', async () => {
    const made = await sdk.createQR(PHONE_NUMBER_ID, 'Hello there', 'svg');
    const code = 'code' in made ? made.code : '';
    expect(made).toMatchObject({ prefilled_message: 'Hello there', deep_link_url: `https://wa.me/message/${code}` });
    expect(await sdk.updateQR(PHONE_NUMBER_ID, code, 'Hi')).toMatchObject({ code, prefilled_message: 'Hi' });
    expect(await sdk.retrieveQR(PHONE_NUMBER_ID)).toMatchObject({ data: [{ code, prefilled_message: 'Hi' }] });
    expect(await sdk.retrieveQR(PHONE_NUMBER_ID, code)).toMatchObject({ data: [{ code }] });
    expect(await sdk.deleteQR(PHONE_NUMBER_ID, code)).toEqual({ success: true });
    expect(await sdk.retrieveQR(PHONE_NUMBER_ID, code)).toMatchObject({ error: { code: 100 } });
    expect(await sdk.createQR(PHONE_NUMBER_ID, 'x'.repeat(141))).toMatchObject({ error: { code: 100 } });
  });

  it('calls, and answers or ends calls', async () => {
    const call = await sdk.initiateCall(PHONE_NUMBER_ID, maren, 'v=0');
    const id = 'calls' in call ? call.calls[0].id : 'wacid.none';
    expect(call).toMatchObject({ calls: [{ id: expect.stringMatching(/^wacid\./) as unknown }] });
    for (const answer of [
      await sdk.preacceptCall(PHONE_NUMBER_ID, id, 'v=0'),
      await sdk.acceptCall(PHONE_NUMBER_ID, id, 'v=0'),
      await sdk.rejectCall(PHONE_NUMBER_ID, id),
      await sdk.terminateCall(PHONE_NUMBER_ID, id),
    ]) {
      expect(answer).toEqual({ messaging_product: 'whatsapp', success: true });
    }
    expect(await sdk.acceptCall(PHONE_NUMBER_ID, 'wacid.', 'v=0')).toMatchObject({ error: { code: 131008 } });
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
