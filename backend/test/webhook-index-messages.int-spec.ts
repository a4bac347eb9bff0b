import type { Message } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PayloadSet } from './support/payload-set.js';
import { BASE_SECONDS, waitFor } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands of section B, as far as it is about what a message says.

let set: PayloadSet;

beforeAll(async () => {
  set = await PayloadSet.start();
});
afterAll(() => set.close());
beforeEach(() => set.empty());

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const QUOTED = 'wamid.HBgLMTIwNjU1NTAxNDIVAgARGBJBRkVENzY4QjU2NzUxQjc0NkEA';

describe('a text', () => {
  it('001-text-basic: a contact by its BSUID with the phone beside it, one message, a window from its own time', async () => {
    const before = await set.cursor();
    await set.play('001-text-basic');
    expect(await set.contacts()).toEqual([{ name: 'Maren Okafor', username: null, phone: '12065550142' }]);
    expect(await set.identities()).toEqual(['bsuid US.40918837265510472219', 'wa_id 12065550142']);
    expect(await set.message()).toMatchObject({
      direction: 'inbound',
      type: 'text',
      text: { body: 'Hi! Do you still have the blue atlas in stock?' },
      createdAt: at(BASE_SECONDS),
    });
    expect(await set.thread()).toMatchObject({
      windowExpiresAt: at(BASE_SECONDS + 24 * 3_600),
      waitingSince: at(BASE_SECONDS),
      unreadCount: 1,
    });
    await waitFor(async () => {
      const told = await set.toldSince(before);
      return told.includes('message:created') && told.includes('conversation:updated');
    });
  });

  it('002-text-quoted-reply: is linked to our message if we know it', async () => {
    await set.play('001-text-basic');
    const { id } = await set.thread();
    await set.sent(QUOTED, { conversationId: id });
    await set.play('002-text-quoted-reply');
    const [, ours, reply] = await set.messages();
    expect(reply?.replyTo).toMatchObject({ messageId: ours?.id, wamid: QUOTED });
  });

  it('002-text-quoted-reply: does not fail if we do not', async () => {
    await set.play('002-text-quoted-reply');
    expect(await set.message()).toMatchObject({
      text: { body: 'Yes, that one please.' },
      replyTo: { messageId: null, wamid: QUOTED },
    });
  });
});

const SAID: [file: string, demand: string, expected: object][] = [
  ['003-text-forwarded', 'needs no context.id, keeps the flag', { forwarded: true, replyTo: null }],
  ['004-text-frequently-forwarded', 'keeps that it was often', { forwarded: true, frequentlyForwarded: true }],
  [
    '005-text-referred-product',
    'has the product it asks about',
    {
      product: { catalogId: '610038847722091', productId: 'LGB-ATLAS-07' },
      text: { body: 'Is this available in hardcover?' },
    },
  ],
  [
    '006-text-ctwa-referral-image',
    'has the advertisement that brought the customer',
    {
      referral: {
        sourceType: 'ad',
        sourceId: '120233918840017726',
        sourceUrl: 'https://fb.me/4kPz81qLw',
        headline: 'Chat with a bookseller',
        mediaType: 'image',
        mediaUrl: 'https://scontent.example.net/v/t45.1/autumn.jpg',
        clickId: 'ARBx7Qe2mUo4kLpZs-9dVt0yWfHc3nGj',
      },
    },
  ],
  [
    '007-text-ctwa-referral-video-no-clid',
    'every part of the referral is optional',
    {
      referral: {
        sourceType: 'post',
        mediaUrl: 'https://video.example.net/tour.mp4',
        thumbnailUrl: 'https://scontent.example.net/t/tour.jpg',
        clickId: null,
      },
      text: { body: 'مرحبا، أريد معرفة المزيد' },
    },
  ],
  [
    '008-image-caption',
    'is an image with its caption',
    { type: 'image', media: { caption: 'Cover has a tear, see corner', mimeType: 'image/jpeg' } },
  ],
  ['009-image-no-caption-no-url', 'needs neither caption nor url', { type: 'image', media: { caption: null } }],
  [
    '010-video-freq-forwarded',
    'is a video that was often forwarded',
    { type: 'video', frequentlyForwarded: true, media: { caption: 'shop front' } },
  ],
  [
    '011-audio-voice-note',
    'is a voice note whatever its type carries behind a semicolon',
    { type: 'audio', media: { voice: true, mimeType: 'audio/ogg; codecs=opus' } },
  ],
  ['012-audio-file', 'is no voice note', { type: 'audio', media: { voice: false } }],
  [
    '013-document-unicode-filename',
    'keeps the name as it is written',
    { type: 'document', media: { fileName: 'reçu n°12 – été (2026).pdf', caption: 'Reçu' } },
  ],
  ['014-sticker-static', 'is a sticker', { type: 'sticker', media: { animated: false } }],
  ['015-sticker-animated', 'is one that moves', { type: 'sticker', media: { animated: true } }],
  [
    '016-location-place',
    'is a place',
    {
      type: 'location',
      location: {
        latitude: 50.79899,
        longitude: -1.09125,
        name: 'Tideway Cycles',
        address: '14 Foundry Lane, Portsmouth',
      },
    },
  ],
  [
    '017-location-pin-only',
    'all but the degrees is optional',
    { type: 'location', location: { latitude: -33.8688197, longitude: 151.2092955, name: null, address: null } },
  ],
  [
    '018-contacts-shared-card',
    'cards are content',
    {
      type: 'contacts',
      contacts: [
        { name: 'Ada Larkin', organization: 'Larkin Binding', phones: [{ waId: '12065550119' }, { waId: null }] },
        { name: 'Gus', phones: [{ number: '+44 7700 900456', waId: null }] },
      ],
    },
  ],
  [
    '020-interactive-button-reply',
    'has the id to route by and the title to show',
    { type: 'interactive', interactive: { kind: 'button_reply', id: 'pickup:tomorrow', title: 'Tomorrow' } },
  ],
  [
    '021-interactive-list-reply',
    'has the id of its row',
    { interactive: { kind: 'list_reply', id: 'genre_travel', title: 'Travel', description: 'Guides and atlases' } },
  ],
  [
    '022-interactive-list-reply-nodesc',
    'needs no description',
    { interactive: { id: 'genre_poetry', description: null } },
  ],
  [
    '023-interactive-nfm-flow',
    'the answers are read from the JSON inside the string',
    {
      form: {
        name: 'flow',
        answers: [
          { key: 'party_size', value: '4' },
          { key: 'when', value: '2026-11-21T19:30' },
          { key: 'notes', value: 'window seat, “quiet”' },
        ],
        raw: null,
      },
    },
  ],
  [
    '024-interactive-nfm-address',
    'says by its name that it is an address',
    {
      form: {
        name: 'address_message',
        answers: expect.arrayContaining([
          { key: 'saved_address_id', value: 'addr-7' },
          { key: 'values.city', value: 'Mumbai' },
        ]) as unknown,
      },
    },
  ],
  [
    '025-interactive-call-permission',
    'is stored with what was allowed',
    { rawType: 'call_permission_reply', callPermission: { isGiven: true, until: at(1_795_604_800) } },
  ],
  [
    '030-order',
    'prices are decimal text and sum up exactly',
    {
      type: 'order',
      text: { body: 'Gift wrap please' },
      order: {
        lines: [
          { productId: 'LGB-ATLAS-07', quantity: 1, price: '39.9' },
          { productId: 'LGB-MAP-22', quantity: 3, price: '0.1' },
        ],
        total: { amount: '40.2', currency: 'EUR' },
      },
    },
  ],
];

describe('what a message says', () => {
  it.each(SAID)('%s: %s', async (file, _demand, expected) => {
    await set.play(file);
    const message: Message = await set.message();
    expect(message).toMatchObject({ direction: 'inbound', status: 'received', error: null, ...expected });
    expect((await set.thread()).windowExpiresAt).not.toBeNull();
  });

  it.each([
    ['008-image-caption', '7612004400000008'],
    ['009-image-no-caption-no-url', '7612004400000009'],
    ['010-video-freq-forwarded', '7612004400000010'],
  ])('%s: the file is asked for by Meta’s id, beside the thread', async (file, graphId) => {
    await set.play(file);
    expect(
      await set.sql('select graph_id, announced_sha256 is not null as "hasHash" from media_files where graph_id = $1', [
        graphId,
      ]),
    ).toEqual([{ graph_id: graphId, hasHash: true }]);
  });

  it('018-contacts-shared-card: changes nothing of the sender’s own number', async () => {
    await set.play('018-contacts-shared-card');
    expect(await set.contacts()).toEqual([{ name: 'Maren Okafor', username: null, phone: '12065550142' }]);
  });

  it('026-button-template-quick-reply: is linked to the template, and the payload may be the label', async () => {
    const template = 'wamid.HBgLMTIxMjU1NTAxODcVAgARGBJENjBFOTdEOTdFNTM4REZDNzMA';
    await set.play('045-bsuid-parent-username-phone');
    const { id } = await set.thread();
    await set.sent(template, { conversationId: id, template: 'autumn_sale' });
    await set.play('026-button-template-quick-reply');
    const [, ours, tap] = await set.messages();
    expect(tap).toMatchObject({
      type: 'button',
      interactive: { kind: 'template_button', id: 'STOP_PROMOS', title: 'Stop promotions' },
      replyTo: { messageId: ours?.id, type: 'template' },
    });
  });
});

const WITHHELD: [file: string, demand: string, expected: object][] = [
  ['035-request-welcome-legacy', 'has no content', { rawType: 'request_welcome' }],
  ['036-unsupported-poll', 'is no delivery failure', { rawType: 'poll_creation', withheld: { code: 131_051 } }],
  ['037-unsupported-131060', 'may never come', { withheld: { code: 131_060 } }],
  [
    '038-unsupported-old-shape',
    'needs no “unsupported” object',
    { rawType: 'unsupported', withheld: { code: 131_051 } },
  ],
  ['039-type-unknown', 'is the same', { rawType: 'unknown', withheld: { code: 131_051 } }],
  ['042-ephemeral-legacy', 'is the same', { rawType: 'ephemeral' }],
  [
    '060-inbound-media-too-big',
    'says what to ask the customer',
    { withheld: { code: 131_052, detail: expect.stringContaining('smaller than 100MB') as string } },
  ],
  ['134-future-type', 'is a bubble in Meta’s own word', { rawType: 'hologram' }],
];

describe('what has no face is a placeholder', () => {
  it.each(WITHHELD)('%s: %s', async (file, _demand, expected) => {
    await set.play(file);
    expect(await set.message()).toMatchObject({ type: 'unsupported', status: 'received', error: null, ...expected });
    // It is seen and waited on, but proves no window.
    expect(await set.thread()).toMatchObject({ windowExpiresAt: null, unreadCount: 1 });
  });

  it('035-request-welcome-legacy: the bot does not greet', async () => {
    await set.setBot(true);
    try {
      await set.play('035-request-welcome-legacy');
      await waitFor(async () => (await set.sql(`select 1 from bot_turns where state = 'skipped'`)).length === 1);
      expect(await set.messages()).toHaveLength(1);
    } finally {
      await set.setBot(false);
    }
  });
});
