import {
  ADDRESS_LIMITS,
  INTERACTIVE_LIMITS as LIMITS,
  messageTypes,
  sendMessageSchema,
  type Message,
  type Problem,
} from '@parley/contract';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphError } from './support/fake-graph.js';
import { PNG } from './support/fake-media.js';
import { OutboundRig } from './support/outbound-rig.js';

type Part = Record<string, unknown>;
interface Ground {
  /** Files of ours, by kind. */
  files: Readonly<Record<string, string>>;
  /** A message of the customer's in the thread. */
  inbound: string;
}
interface Kind {
  /** Without the fields that every kind has. */
  request(ground: Ground): Part;
  /** What Meta is to get. */
  sent(ground: Ground): Part;
  /** One over each limit: the part that is over it, where the refusal points, and what its sentence names. */
  over: Record<string, [change: (request: Part) => Part, path: string, sentence: RegExp]>;
}

/** Of each kind of file as much as tells it from the others. */
const FILES: Readonly<Record<string, Buffer>> = {
  image: PNG,
  document: Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n'),
  video: Buffer.concat([Buffer.from('\0\0\0\x18ftypisom', 'latin1'), Buffer.alloc(64)]),
  audio: Buffer.concat([Buffer.from('ID3\x03', 'latin1'), Buffer.alloc(64)]),
  sticker: Buffer.concat([Buffer.from('RIFF\x40\0\0\0WEBPVP8 ', 'latin1'), Buffer.alloc(64)]),
};
const folder = mkdtempSync(join(tmpdir(), 'parley-matrix-'));

const of = (length: number): string => 'x'.repeat(length);
const rows = (count: number): Part[] =>
  Array.from({ length: count }, (_, at) => ({ id: `r${String(at)}`, title: `Row ${String(at)}` }));
const card = { name: 'Ada Lark', phones: [{ number: '+12065550142' }], emails: [], urls: [] };
const wholeCard = {
  ...card,
  addresses: [{ street: '14 Foundry Lane', city: 'Seattle', country: 'US', label: 'WORK' }],
  birthday: '1987-04-09',
};
const body = 'Please choose';
const IN_PIN_CODE = 'address.values.in_pin_code';

const interactive = (offer: Part, sent: Part, over: Kind['over'] = {}): Kind => ({
  request: () => ({ type: 'interactive', interactive: offer }),
  sent: () => ({ type: 'interactive', interactive: sent }),
  over,
});
/** One over: this part of what is offered, with a limit that the refusal names. */
const more = (change: Part, path: string, sentence: RegExp): Kind['over'][string] => [
  (request) => ({ ...request, interactive: { ...(request['interactive'] as Part), ...change } }),
  `interactive.${path}`,
  sentence,
];
const tooLong = (path: string, max: number): Kind['over'][string] =>
  more({ [path]: of(max + 1) }, path, new RegExp(String(max)));
const named = (type: string, name: string, parameters?: Part): Part => ({
  type,
  body: { text: body },
  action: { name, ...(parameters && { parameters }) },
});
const media = (type: string, file: string, part: Part = {}, over: Kind['over'] = {}): Kind => ({
  request: ({ files }) => ({ type, [type]: { fileId: files[file], ...part } }),
  sent: () => ({ type, [type]: { id: expect.any(String), ...part } }),
  over,
});
const caption = (type: string): Kind['over'] => ({
  caption: [
    (request) => ({ ...request, [type]: { ...(request[type] as Part), caption: of(1_025) } }),
    `${type}.caption`,
    /1024/,
  ],
});

/** An offer below a file: of each kind of file, and of each kind that can have one. */
const belowFile = (file: 'image' | 'video' | 'document', offer: Part, sent: Part): Kind => ({
  request: ({ files }) => ({ type: 'interactive', interactive: { ...offer, headerFileId: files[file] } }),
  sent: () => ({
    type: 'interactive',
    interactive: { ...sent, header: { type: file, [file]: { id: expect.any(String) } } },
  }),
  over: { 'words beside it': more({ header: 'Order 7' }, 'headerFileId', /words or for a file/) },
});

/** Every kind that can be sent, as Meta is to get it, and each of its limits. */
const KINDS: Record<string, Kind> = {
  text: {
    request: () => ({ type: 'text', text: { body: of(4_096) } }),
    sent: () => ({ type: 'text', text: { body: of(4_096) } }),
    over: {
      length: [() => ({ type: 'text', text: { body: of(4_097) } }), 'text.body', /4096/],
      blank: [() => ({ type: 'text', text: { body: ' ' } }), 'text.body', /must not be blank/],
    },
  },
  image: media('image', 'image', { caption: of(1_024) }, caption('image')),
  video: media('video', 'video', { caption: of(1_024) }, caption('video')),
  audio: media('audio', 'audio'),
  sticker: media('sticker', 'sticker'),
  document: media('document', 'document', { caption: of(1_024) }, caption('document')),
  location: {
    request: () => ({ type: 'location', location: { latitude: 90, longitude: -180, name: 'Here', address: 'There' } }),
    sent: () => ({ location: { latitude: 90, longitude: -180, name: 'Here', address: 'There' } }),
    over: {
      latitude: [() => ({ type: 'location', location: { latitude: 90.1, longitude: 0 } }), 'location.latitude', /90/],
      longitude: [
        () => ({ type: 'location', location: { latitude: 0, longitude: -181 } }),
        'location.longitude',
        /180/,
      ],
      name: [
        () => ({ type: 'location', location: { latitude: 0, longitude: 0, name: of(1_001) } }),
        'location.name',
        /1000/,
      ],
    },
  },
  contacts: {
    request: () => ({ type: 'contacts', contacts: Array.from({ length: 10 }, () => card) }),
    sent: () => ({ type: 'contacts', contacts: expect.any(Array) }),
    over: {
      cards: [() => ({ type: 'contacts', contacts: Array.from({ length: 11 }, () => card) }), 'contacts', /10/],
      none: [() => ({ type: 'contacts', contacts: [] }), 'contacts', /1/],
      numbers: [
        () => ({ type: 'contacts', contacts: [{ ...card, phones: Array.from({ length: 21 }, () => card.phones[0]) }] }),
        'contacts.0.phones',
        /20/,
      ],
    },
  },
  'a whole contact card': {
    request: () => ({ type: 'contacts', contacts: [wholeCard] }),
    sent: () => ({
      type: 'contacts',
      contacts: [
        {
          addresses: [{ street: '14 Foundry Lane', city: 'Seattle', country: 'US', type: 'WORK' }],
          birthday: '1987-04-09',
        },
      ],
    }),
    over: {
      birthday: [
        () => ({ type: 'contacts', contacts: [{ ...card, birthday: '9 April' }] }),
        'contacts.0.birthday',
        /must be a day/,
      ],
      addresses: [
        () => ({ type: 'contacts', contacts: [{ ...card, addresses: Array.from({ length: 21 }, () => ({})) }] }),
        'contacts.0.addresses',
        /20/,
      ],
    },
  },
  reaction: {
    request: ({ inbound }) => ({ type: 'reaction', reaction: { messageId: inbound, emoji: '👍' } }),
    sent: ({ inbound }) => ({ reaction: { emoji: '👍', message_id: `wamid.IN${inbound}` } }),
    over: {
      emoji: [
        (request) => ({ ...request, reaction: { ...(request['reaction'] as Part), emoji: of(65) } }),
        'reaction.emoji',
        /64/,
      ],
    },
  },
  buttons: interactive(
    { body, buttons: rows(3) },
    { type: 'button', body: { text: body } },
    {
      body: tooLong('body', LIMITS.body),
      header: tooLong('header', LIMITS.header),
      footer: tooLong('footer', LIMITS.footer),
      count: more({ buttons: rows(4) }, 'buttons', /3/),
      title: more({ buttons: [{ id: 'a', title: of(21) }] }, 'buttons.0.title', /20/),
      id: more({ buttons: [{ id: of(257), title: 'A' }] }, 'buttons.0.id', /256/),
    },
  ),
  'buttons below a picture': belowFile('image', { body, buttons: rows(3) }, { type: 'button', body: { text: body } }),
  'link below a film': belowFile(
    'video',
    { kind: 'link', body, buttonText: 'Open', url: 'https://example.org' },
    named('cta_url', 'cta_url'),
  ),
  'form below a document': belowFile(
    'document',
    { kind: 'flow', body, buttonText: 'Book', flow: { id: '77' } },
    named('flow', 'flow', { flow_id: '77' }),
  ),
  list: interactive(
    { kind: 'list', body: of(4_096), buttonText: 'Choose', sections: [{ rows: rows(10) }] },
    { type: 'list', body: { text: of(4_096) }, action: { button: 'Choose', sections: expect.any(Array) } },
    {
      body: tooLong('body', LIMITS.listBody),
      button: tooLong('buttonText', LIMITS.buttonText),
      rows: more({ sections: [{ rows: rows(11) }] }, 'sections', /at most 10 rows/),
      row: more({ sections: [{ rows: [{ id: 'a', title: of(25) }] }] }, 'sections.0.rows.0.title', /24/),
      'row id': more({ sections: [{ rows: [{ id: of(201), title: 'A' }] }] }, 'sections.0.rows.0.id', /200/),
      description: more(
        { sections: [{ rows: [{ id: 'a', title: 'A', description: of(73) }] }] },
        'sections.0.rows.0.description',
        /72/,
      ),
      section: more({ sections: [{ title: of(25), rows: rows(1) }] }, 'sections.0.title', /24/),
      sections: more(
        { sections: Array.from({ length: 11 }, (_, at) => ({ title: `S${String(at)}`, rows: rows(1) })) },
        'sections',
        /10/,
      ),
      header: tooLong('header', LIMITS.header),
      footer: tooLong('footer', LIMITS.footer),
    },
  ),
  link: interactive(
    { kind: 'link', body, buttonText: 'Open', url: 'https://example.org' },
    named('cta_url', 'cta_url', { display_text: 'Open', url: 'https://example.org' }),
    {
      body: tooLong('body', LIMITS.body),
      button: tooLong('buttonText', LIMITS.buttonText),
      header: tooLong('header', LIMITS.header),
      footer: tooLong('footer', LIMITS.footer),
      url: more({ url: `https://example.org/${of(LIMITS.url)}` }, 'url', /2000/),
    },
  ),
  'location request': interactive(
    { kind: 'location_request', body },
    named('location_request_message', 'send_location'),
    { body: tooLong('body', LIMITS.body) },
  ),
  'contact request': interactive(
    { kind: 'contact_request', body },
    named('request_contact_info', 'request_contact_info'),
    {
      body: tooLong('body', LIMITS.body),
    },
  ),
  'address request': interactive(
    { kind: 'address_request', body, address: { country: 'IN', values: { city: 'Pune', in_pin_code: '411001' } } },
    named('address_message', 'address_message', { country: 'IN', values: { city: 'Pune', in_pin_code: '411001' } }),
    {
      body: tooLong('body', LIMITS.body),
      footer: tooLong('footer', LIMITS.footer),
      country: more({ address: { country: 'SG' } }, 'address.country', /India only/),
      'PIN code': more({ address: { country: 'IN', values: { in_pin_code: '4110012' } } }, IN_PIN_CODE, /at most 6/),
      city: more(
        { address: { country: 'IN', values: { city: of(ADDRESS_LIMITS.value + 1) } } },
        'address.values.city',
        /at most 256/,
      ),
      'saved addresses': more(
        {
          address: {
            country: 'IN',
            savedAddresses: Array.from({ length: 11 }, (_, at) => ({ id: String(at), values: { city: 'Pune' } })),
          },
        },
        'address.savedAddresses',
        /at most 10/,
      ),
    },
  ),
  'call permission request': interactive(
    { kind: 'call_permission_request', body },
    named('call_permission_request', 'call_permission_request'),
    { body: tooLong('body', LIMITS.body) },
  ),
  'call button': interactive(
    { kind: 'call_button', body, buttonText: 'Call' },
    named('voice_call', 'voice_call', { display_text: 'Call' }),
    {
      button: tooLong('buttonText', LIMITS.buttonText),
      minutes: more({ ttlMinutes: LIMITS.callTtlMinutes + 1 }, 'ttlMinutes', /43200/),
    },
  ),
  flow: interactive(
    { kind: 'flow', body, buttonText: 'Book', flow: { id: '77' } },
    named('flow', 'flow', { flow_message_version: '3', flow_id: '77', flow_cta: 'Book' }),
    {
      button: tooLong('buttonText', LIMITS.flowButtonText),
      body: tooLong('body', LIMITS.body),
      header: tooLong('header', LIMITS.header),
      footer: tooLong('footer', LIMITS.footer),
    },
  ),
  product: interactive(
    { kind: 'product', catalogId: '6100', productId: 'SKU-7' },
    { type: 'product', action: { catalog_id: '6100', product_retailer_id: 'SKU-7' } },
    {
      body: tooLong('body', LIMITS.body),
      footer: tooLong('footer', LIMITS.footer),
      id: tooLong('productId', 256),
      catalogue: tooLong('catalogId', 256),
    },
  ),
  'product list': interactive(
    {
      kind: 'product_list',
      header: 'Maps',
      body,
      catalogId: '6100',
      productSections: [{ title: 'All', productIds: Array.from({ length: 30 }, (_, at) => `SKU-${String(at)}`) }],
    },
    { type: 'product_list', header: { type: 'text', text: 'Maps' }, action: { catalog_id: '6100' } },
    {
      products: more(
        { productSections: [{ title: 'All', productIds: Array.from({ length: 31 }, (_, at) => `SKU-${String(at)}`) }] },
        'productSections',
        /30/,
      ),
      section: more({ productSections: [{ title: of(25), productIds: ['SKU'] }] }, 'productSections.0.title', /24/),
      sections: more(
        {
          productSections: Array.from({ length: 11 }, (_, at) => ({ title: `S${String(at)}`, productIds: ['SKU'] })),
        },
        'productSections',
        /10/,
      ),
      header: tooLong('header', LIMITS.header),
      body: tooLong('body', LIMITS.body),
      footer: tooLong('footer', LIMITS.footer),
    },
  ),
  catalogue: interactive(
    { kind: 'catalog', body, productId: of(256) },
    named('catalog_message', 'catalog_message', { thumbnail_product_retailer_id: of(256) }),
    {
      body: tooLong('body', LIMITS.body),
      footer: tooLong('footer', LIMITS.footer),
      cover: tooLong('productId', 256),
    },
  ),
};
/** What a template may and may not is in a test of its own (`templates`), as are the sizes of files (`media-send`). */
const ELSEWHERE = ['template'];

let rig: OutboundRig;
let ground: Ground;
let thread: string;

beforeAll(async () => {
  rig = await OutboundRig.start({ DATA_DIR: folder });
  // In India, where every kind may be sent.
  thread = await rig.thread({ phone: '919876543210' });
  ground = {
    inbound: await rig.customerWrites(thread, 'Hello?'),
    files: Object.fromEntries(
      await Promise.all(Object.entries(FILES).map(async ([kind, bytes]) => [kind, await upload(bytes, kind)] as const)),
    ),
  };
});
afterAll(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

async function upload(bytes: Buffer, kind: string): Promise<string> {
  const url = `${rig.app.url}/api/media?kind=${kind}&fileName=file`;
  const headers = { authorization: `Bearer ${rig.ana.token}`, 'content-type': 'application/octet-stream' };
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) });
  const uploaded = (await answer.json()) as { id: string };
  expect(answer.status, `${kind}: ${JSON.stringify(uploaded)}`).toBe(201);
  return uploaded.id;
}

const send = <Answer>(request: Part) =>
  rig.app.call<Answer>(rig.ana, 'POST', `/conversations/${thread}/messages`, {
    clientMessageId: randomUUID(),
    basedOn: 1,
    ...request,
  });

describe('every kind that can be sent', () => {
  it('stands in this table or has a test of its own', () => {
    const types = sendMessageSchema.options.map((option) => option.shape.type.value);
    const here = Object.values(KINDS).map(({ request }) => String(request({ files: {}, inbound: '' })['type']));
    expect(new Set([...here, ...ELSEWHERE])).toEqual(new Set(types));
    expect(types.every((type) => (messageTypes as readonly string[]).includes(type))).toBe(true);
  });

  it.each(Object.entries(KINDS))(
    '%s: as large as may be, it is taken and leaves as Meta wants it',
    async (_name, kind) => {
      const { status, body: message } = await send<Message>(kind.request(ground));
      expect(status, JSON.stringify(message)).toBe(201);
      await rig.becomes(message.id, 'accepted');
      expect(rig.graph.of(thread).at(-1)?.body).toMatchObject(kind.sent(ground));
    },
  );
});

describe('one over a limit', () => {
  const cases = Object.entries(KINDS).flatMap(([name, { over, request }]) =>
    Object.entries(over).map(([limit, [change, path, sentence]]) => ({ name, limit, request, change, path, sentence })),
  );

  it.each(cases)('$name: $limit is refused in words, and nothing leaves', async (one) => {
    const before = rig.graph.of(thread).length;
    const known = await rig.sql('select id from messages');
    const refused = await send<Problem>(one.change(one.request(ground)));
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'request.invalid' });
    const field = refused.body.fields?.find(({ path }) => path === one.path);
    expect(field?.message).toMatch(one.sentence);
    // A sentence for people, not the library's own talk of types.
    expect(field?.message).not.toMatch(/expected|regex|undefined/i);
    expect(rig.graph.of(thread)).toHaveLength(before);
    expect(await rig.sql('select id from messages')).toEqual(known);
  });
});

describe('what Meta has for one country only', () => {
  it('is asked of nobody again who has a number of another country by now', async () => {
    const thread = await rig.thread({ phone: '919800000001', inbound: ['Hello?'] });
    const path = `/conversations/${thread}/messages`;
    rig.graph.answer = () => graphError(131_042);
    const asked = await rig.app.call<Message>(rig.ana, 'POST', path, {
      clientMessageId: randomUUID(),
      basedOn: 1,
      ...KINDS['address request']?.request(ground),
    });
    await rig.becomes(asked.body.id, 'failed');
    rig.graph.answer = () => 'ok';
    const moved = (phone: string) =>
      rig.sql(
        `update contact_identities set value = $2
         where kind = 'wa_id' and contact_id = (select contact_id from conversations where id = $1)`,
        [thread, phone],
      );
    const again = () =>
      rig.app.call<Message & Pick<Problem, 'code'>>(rig.ana, 'POST', `${path}/${asked.body.id}/resend`, {
        clientMessageId: randomUUID(),
      });
    await moved('12065550143');
    expect(await again()).toMatchObject({ status: 422, body: { code: 'message.wrong_country', callingCode: '91' } });
    expect(rig.graph.of(thread)).toHaveLength(1);
    await moved('919800000002');
    const sent = await again();
    expect(sent.status).toBe(201);
    await rig.becomes(sent.body.id, 'accepted');
  });

  it('an address is asked of customers in India alone, and the refusal says so', async () => {
    const elsewhere = await rig.thread({ phone: '12065550142', inbound: ['Hello?'] });
    const request = KINDS['address request']?.request(ground);
    const refused = await rig.app.call<Problem>(rig.ana, 'POST', `/conversations/${elsewhere}/messages`, {
      clientMessageId: randomUUID(),
      basedOn: 1,
      ...request,
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'message.wrong_country', callingCode: '91' } });
    expect(
      await rig.sql(`select id from messages where conversation_id = $1 and direction = 'outbound'`, [elsewhere]),
    ).toEqual([]);
  });
});
