import { buildTemplateSendPayload, WhatsAppClient } from '@kapso/whatsapp-cloud-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { asText, type Json } from './core/json.ts';
import { idOf, type Kapso, link, MAREN, refusalOf, startKapso } from './sdk-kapso-support.ts';
import { control, PHONE_NUMBER_ID as phoneNumberId } from './test-support.ts';

/** Addresses are asked of customers there alone. */
const IN_INDIA = '919812345678';

type Sent = Awaited<ReturnType<WhatsAppClient['messages']['sendText']>>;

describe('@kapso/whatsapp-cloud-api: messages', () => {
  let kapso: Kapso;
  let client: WhatsAppClient;

  beforeAll(async () => {
    kapso = await startKapso();
    ({ client } = kapso);
  });
  afterAll(() => kapso.close());
  beforeEach(() => {
    kapso.webhooks.length = 0;
  });

  const statuses = () => kapso.webhooks.flatMap((webhook) => webhook.statuses);
  async function write(message: Json, from = '12065550142'): Promise<string> {
    const { body } = await control(kapso.simulator, 'POST', 'inbound', {
      contacts: [{ profile: { name: 'Maren Okafor' }, wa_id: from }],
      messages: [{ from, ...message }],
    });
    return (body['wamids'] as string[])[0] ?? '';
  }

  it('verifies and reads what customers write, and marks it as read', async () => {
    const messageId = await write({ type: 'text', text: { body: 'Café? 😀' } });
    await vi.waitFor(() => expect(kapso.webhooks).toHaveLength(1));
    expect(kapso.webhooks[0]).toMatchObject({
      object: 'whatsapp_business_account',
      phoneNumberId,
      contacts: [{ waId: '12065550142', profile: { name: 'Maren Okafor' } }],
      messages: [{ id: messageId, type: 'text', text: { body: 'Café? 😀' }, kapso: { direction: 'inbound' } }],
    });
    expect(await client.messages.markRead({ phoneNumberId, messageId })).toEqual({ success: true });
    const typingIndicator = { type: 'text' } as const;
    expect(await client.messages.markRead({ phoneNumberId, messageId, typingIndicator })).toEqual({ success: true });
    expect(kapso.simulator.control.receipts().slice(-2)).toMatchObject([{ typing: false }, { typing: true }]);
  });

  it('hears what becomes of a message, and whom it went to', async () => {
    const sent = await client.messages.sendText({
      phoneNumberId,
      to: MAREN,
      body: 'Ready',
      bizOpaqueCallbackData: 'job-1',
    });
    expect(sent).toMatchObject({ messagingProduct: 'whatsapp', contacts: [{ input: MAREN, waId: '12065550142' }] });
    await vi.waitFor(() =>
      expect(statuses().map(({ status }) => status)).toEqual(expect.arrayContaining(['sent', 'delivered', 'read'])),
    );
    expect(statuses().find(({ status }) => status === 'delivered')).toMatchObject({
      id: idOf(sent),
      recipientId: '12065550142',
      bizOpaqueCallbackData: 'job-1',
      pricing: { pricingModel: 'PMP', category: 'service' },
    });
    const recipient = 'CA.88213004517736620914';
    const answer = await client.messages.sendText({ phoneNumberId, recipient, body: 'By user id' });
    expect(answer).toMatchObject({ contacts: [{ input: recipient, userId: recipient }] });
  });

  const to = { phoneNumberId, to: MAREN };
  /** The builder's own types do not fit the sender's by an index signature: what is sent is the same. */
  function built(input: Parameters<typeof buildTemplateSendPayload>[0]) {
    const { name, language, components = [] } = buildTemplateSendPayload(input);
    return { name, language, components: components.map((component) => ({ ...component })) };
  }
  const picture = { type: 'image', image: { link: link('atlas.png') } } as const;
  const everyKind: [string, string, () => Promise<Sent>][] = [
    ['text', 'a text', () => client.messages.sendText({ ...to, body: 'Look', previewUrl: true })],
    [
      'image',
      'a picture',
      () => client.messages.sendImage({ ...to, image: { link: link('a.png'), caption: 'Atlas' } }),
    ],
    [
      'audio',
      'a voice note',
      () => client.messages.sendAudio({ ...to, audio: { link: link('note.ogg'), voice: true } }),
    ],
    [
      'document',
      'a document',
      () =>
        client.messages.sendDocument({ ...to, document: { link: link('o.pdf'), filename: 'o.pdf', caption: 'Yours' } }),
    ],
    [
      'video',
      'a video',
      () => client.messages.sendVideo({ ...to, video: { link: link('tour.mp4'), caption: 'Tour' } }),
    ],
    ['sticker', 'a sticker', () => client.messages.sendSticker({ ...to, sticker: { link: link('book.webp') } })],
    [
      'location',
      'a place',
      () => client.messages.sendLocation({ ...to, location: { latitude: -9.1393, longitude: 38.7223, name: 'Shop' } }),
    ],
    [
      'contacts',
      'a card',
      () =>
        client.messages.sendContacts({
          ...to,
          contacts: [
            {
              name: { formattedName: 'Rui Tavares', firstName: 'Rui', lastName: 'Tavares' },
              org: { company: 'Harbour Maps' },
              phones: [{ phone: '+351 21 555 0100', waId: '351215550100', type: 'WORK' }],
              emails: [{ email: 'rui@maps.example', type: 'WORK' }],
              urls: [{ url: link('rui'), type: 'WORK' }],
              addresses: [{ street: 'Rua Garrett 12', city: 'Lisbon', country: 'Portugal', countryCode: 'PT' }],
            },
          ],
        }),
    ],
    [
      'interactive',
      'buttons under a picture',
      () =>
        client.messages.sendInteractiveButtons({
          ...to,
          header: picture,
          bodyText: 'Keep it?',
          footerText: 'Until six',
          buttons: [
            { id: 'y', title: 'Yes' },
            { id: 'n', title: 'No' },
          ],
        }),
    ],
    [
      'interactive',
      'a list',
      () =>
        client.messages.sendInteractiveList({
          ...to,
          header: { type: 'text', text: 'Maps' },
          bodyText: 'Which?',
          buttonText: 'Choose',
          sections: [{ title: 'Old', rows: [{ id: 'b', title: 'Beirut 1920', description: 'Rare' }] }],
        }),
    ],
    [
      'interactive',
      'a link',
      () =>
        client.messages.sendInteractiveCtaUrl({
          ...to,
          bodyText: 'See',
          parameters: { displayText: 'Open', url: link('') },
        }),
    ],
    [
      'interactive',
      'a carousel of links',
      () =>
        client.messages.sendInteractiveCarousel({
          ...to,
          bodyText: 'Two for you',
          cards: [0, 1].map((cardIndex) => ({
            cardIndex,
            header: picture,
            bodyText: 'An atlas',
            action: { displayText: 'View', url: link(String(cardIndex)) },
          })),
        }),
    ],
    [
      'interactive',
      'a carousel of answers',
      () =>
        client.messages.sendInteractiveCarousel({
          ...to,
          bodyText: 'Two for you',
          cards: [0, 1].map((cardIndex) => ({
            cardIndex,
            header: picture,
            action: { buttons: [{ id: `keep-${String(cardIndex)}`, title: 'Keep' }] },
          })),
        }),
    ],
    [
      'interactive',
      'a product',
      () =>
        client.messages.sendInteractiveProduct({
          ...to,
          bodyText: 'This one',
          catalogId: '610038847722091',
          productRetailerId: 'LGB-ATLAS-07',
        }),
    ],
    [
      'interactive',
      'products',
      () =>
        client.messages.sendInteractiveProductList({
          ...to,
          header: { type: 'text', text: 'Maps' },
          bodyText: 'All maps',
          catalogId: '610038847722091',
          sections: [{ title: 'Harbour', productItems: [{ productRetailerId: 'LGB-MAP-22' }] }],
        }),
    ],
    [
      'interactive',
      'the catalogue',
      () =>
        client.messages.sendInteractiveCatalogMessage({
          ...to,
          bodyText: 'Browse',
          parameters: { thumbnailProductRetailerId: 'LGB-MAP-22' },
        }),
    ],
    [
      'interactive',
      'a form',
      () =>
        client.messages.sendInteractiveFlow({
          ...to,
          bodyText: 'Book a table',
          parameters: {
            flowId: '884100912345',
            flowCta: 'Book',
            flowToken: 'ft-1',
            flowAction: 'navigate',
            flowActionPayload: { screen: 'START' },
          },
        }),
    ],
    [
      'interactive',
      'a request for an address',
      async () => {
        await write({ type: 'text', text: { body: 'Do you deliver to Pune?' } }, IN_INDIA);
        const parameters = { country: 'IN' };
        return client.messages.sendInteractiveAddress({ ...to, to: IN_INDIA, bodyText: 'Where to?', parameters });
      },
    ],
    [
      'interactive',
      'a request for the location',
      () =>
        client.messages.sendInteractiveLocationRequest({
          ...to,
          bodyText: 'Where are you?',
          parameters: { requestMessage: 'Where are you?' },
        }),
    ],
    [
      'interactive',
      'a request to call',
      () =>
        client.messages.sendInteractiveCallPermission({
          ...to,
          bodyText: 'May we call?',
          parameters: { phoneNumber: MAREN },
        }),
    ],
    [
      'interactive',
      'whatever else is interactive',
      () =>
        client.messages.sendInteractiveRaw({
          ...to,
          interactive: {
            type: 'request_contact_info',
            body: { text: 'How do we reach you?' },
            action: { name: 'request_contact_info' },
          },
        }),
    ],
    [
      'text',
      'a payload as it is',
      () =>
        client.messages.sendRaw({
          phoneNumberId,
          payload: { messaging_product: 'whatsapp', to: MAREN, type: 'text', text: { body: 'Raw' } },
        }),
    ],
    [
      'template',
      'a template with a link',
      () =>
        client.messages.sendTemplate({
          ...to,
          template: built({
            name: 'order_sent',
            language: 'en_US',
            header: { type: 'text', text: '8841' },
            body: [
              { type: 'text', text: 'Maren' },
              { type: 'text', text: 'Friday' },
            ],
            buttons: [{ type: 'button', subType: 'url', index: 0, parameters: [{ type: 'text', text: '8841' }] }],
          }),
        }),
    ],
    [
      'template',
      'a template with a picture, named values and a code',
      () =>
        client.messages.sendTemplate({
          ...to,
          template: built({
            name: 'new_arrivals',
            language: 'en_US',
            header: picture,
            body: [
              { type: 'text', text: 'Maren', parameterName: 'first_name' },
              { type: 'text', text: 'The Atlas', parameterName: 'title' },
            ],
            buttons: [
              {
                type: 'button',
                subType: 'copy_code',
                index: 0,
                parameters: [{ type: 'coupon_code', coupon_code: 'ATLAS10' }],
              },
            ],
          }),
        }),
    ],
    [
      'template',
      'a carousel',
      () =>
        client.messages.sendTemplate({
          ...to,
          template: {
            name: 'shelf_tour',
            language: { code: 'en_US' },
            components: [
              { type: 'body', parameters: [{ type: 'text', text: 'Maren' }] },
              {
                type: 'carousel',
                cards: [0, 1, 2].map((cardIndex) => ({
                  cardIndex,
                  components: [
                    { type: 'header', parameters: [picture] },
                    { type: 'body', parameters: [{ type: 'text', text: '14 euros' }] },
                    { type: 'button', subType: 'url', index: 1, parameters: [{ type: 'text', text: 'b' }] },
                  ],
                })),
              },
            ],
          },
        }),
    ],
  ];

  it.each(everyKind)('sends %s: %s', async (type, _what, send) => {
    const sent = await send();
    expect(idOf(sent)).toMatch(/^wamid\./);
    expect(kapso.simulator.control.sent().at(-1)).toMatchObject({ type, wamid: idOf(sent) });
  });

  it('answers a message and reacts to it', async () => {
    const contextMessageId = await write({ type: 'text', text: { body: 'Is it there?' } });
    await client.messages.sendText({ ...to, body: 'It is', contextMessageId });
    expect(kapso.simulator.control.sent().at(-1)?.body).toMatchObject({ context: { message_id: contextMessageId } });
    const reaction = { messageId: contextMessageId, emoji: '👍' };
    expect(idOf(await client.messages.sendReaction({ ...to, reaction }))).toMatch(/^wamid\./);
    expect(kapso.simulator.control.sent().at(-1)?.body).toMatchObject({ reaction: { emoji: '👍' } });
  });

  it('uploads, resolves, fetches and deletes media', async () => {
    const file = new Blob(['%PDF-1.4 ćwiczenie'], { type: 'application/pdf' });
    const { id: mediaId } = await client.media.upload({
      phoneNumberId,
      type: 'application/pdf',
      file,
      fileName: 'receipt.pdf',
    });
    expect(await client.media.get({ mediaId, phoneNumberId })).toMatchObject({
      id: mediaId,
      messagingProduct: 'whatsapp',
      mimeType: 'application/pdf',
      fileSize: '19',
    });
    // It brings no token to Meta's hosts unless it is told to, as Meta wants it.
    const bytes = await client.media.download({ mediaId, auth: 'always' });
    expect(Buffer.from(bytes as ArrayBuffer).toString('utf8')).toBe('%PDF-1.4 ćwiczenie');
    const bare = (await client.media.download({ mediaId, as: 'response' })) as Response;
    expect(bare.status).toBe(401);
    expect(await client.media.delete({ mediaId })).toEqual({ success: true });
    expect(await refusalOf(client.media.get({ mediaId }))).toMatchObject({ code: 100, errorSubcode: 33 });
  });

  it('understands our refusals', async () => {
    const unknown = client.messages.sendTemplate({ ...to, template: { name: 'nothing', language: { code: 'en_US' } } });
    const refusal = await refusalOf(unknown);
    expect(refusal).toMatchObject({ code: 132001, type: 'OAuthException', category: 'template' });
    expect(asText(refusal.details)).toContain('nothing');
    const stranger = new WhatsAppClient({ accessToken: 'another', baseUrl: kapso.simulator.url });
    const denied = await refusalOf(stranger.messages.sendText({ ...to, body: 'Hi' }));
    expect(denied).toMatchObject({ code: 190, httpStatus: 401 });
    expect(denied.requiresTokenRefresh()).toBe(true);
  });
});
