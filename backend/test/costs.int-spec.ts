import type { CostReport, CostSum, ImportedRates, PriceList, Rate, RateCard, ServicePrice } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { givenSent, givenThread } from './support/sent-messages.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import {
  drained,
  envelope,
  givenTenants,
  PHONE_NUMBER_ID,
  post,
  rows,
  SECOND_PHONE_NUMBER_ID,
  wipe,
} from './support/webhook-rig.js';

let app: TestApp;
let admin: TestAgent;
let agents: TestAgent[];
let channels: string[];

beforeAll(async () => {
  app = await startTestApp();
  await givenTenants(app);
  admin = await app.given.agent({ role: 'admin', name: 'Ana' });
  agents = [await app.given.agent({ name: 'Ben' }), await app.given.agent({ name: 'Cleo' })];
  const found = await rows<{ id: string }>(app, 'select id from channels where phone_number_id = any($1) order by 1', [
    [PHONE_NUMBER_ID, SECOND_PHONE_NUMBER_ID],
  ]);
  channels = found.map(({ id }) => id);
});
afterAll(() => app.close());
beforeEach(async () => {
  await wipe(app);
  await rows(app, 'delete from rates');
});

const get = async <Body>(path: string, as = admin) => (await app.call<Body>(as, 'GET', path)).body;
const report = (query: string) => get<CostReport>(`/costs?${query}`);
const importRates = (csv: string) => app.call<ImportedRates>(admin, 'POST', '/rates/import', { csv });
const setBilling = (timeZone: string, terms: RateCard['billing']['terms'] = []) =>
  app.call(admin, 'PUT', '/rates/billing', { timeZone, terms });

/** A month is a lot of statuses for a machine with much else to do. */
const PATIENCE_MS = 60_000;

interface Told {
  wamid: string;
  at: string;
  pricing?: object | null;
}
/** What Meta tells of messages of one number: `sent` and `delivered`, each with the price. */
async function delivered(phoneNumberId: string, told: readonly Told[]): Promise<void> {
  const statuses = told.flatMap(({ wamid, at, pricing }) =>
    ['delivered', 'sent'].map((status, n) => ({
      id: wamid,
      status,
      timestamp: String(Date.parse(at) / 1_000 + (n === 0 ? 2 : 0)),
      recipient_id: '12065550142',
      ...(pricing ? { pricing } : {}),
    })),
  );
  expect(await post(app, envelope({ statuses }, { phoneNumberId }))).toBe(200);
  await drained(app, PATIENCE_MS);
}
const billed = (category: string) => ({ billable: true, pricing_model: 'PMP', type: 'regular', category });
const free = (category: string) => ({ billable: false, pricing_model: 'PMP', type: 'free_customer_service', category });

const CARD = `effective_from,prefix,category,currency,amount
2026-07-01,,marketing,USD,0.0604
2026-07-01,1,marketing,USD,0.025
2026-07-01,55,marketing,USD,0.0625
2026-10-15,55,marketing,USD,0.071234
2026-07-01,55,utility,USD,0.008
2026-07-01,91,marketing,INR,0.8631
2026-07-01,1,authentication-international,USD,0.0304
2026-10-01,55,service,USD,0.0068
2026-10-01,1876,marketing,USD,0.074`;

describe('a month of messages', () => {
  /** By hand: [from, until) in UTC, as São Paulo has its days (UTC−3). */
  const BRAZIL_CHANGES = Date.parse('2026-10-15T03:00:00Z');
  const micros = (category: string, phone: string, at: number): [string, bigint] | null => {
    if (category === 'marketing') {
      if (phone.startsWith('55')) return ['USD', at < BRAZIL_CHANGES ? 62_500n : 71_234n];
      if (phone.startsWith('91')) return ['INR', 863_100n];
      if (phone.startsWith('1876')) return ['USD', 74_000n];
      return ['USD', phone.startsWith('1') ? 25_000n : 60_400n];
    }
    if (category === 'utility' && phone.startsWith('55')) return ['USD', 8_000n];
    if (category === 'service' && phone.startsWith('55')) return ['USD', 6_800n];
    if (category === 'authentication-international' && phone.startsWith('1')) return ['USD', 30_400n];
    return null;
  };

  it(
    'reconciles to the millionth by everything that it is broken down by, and splits where a rate changes',
    async () => {
      expect((await importRates(CARD)).status).toBe(200);
      await setBilling('America/Sao_Paulo');
      const phones = ['+5511987654321', '+12065550142', '+18765550142', '+918888888888', '+447700900123'];
      const threads: string[] = [];
      for (const [n, phone] of phones.entries())
        threads.push(
          await givenThread(app, { channelId: channels[n % 2] ?? '', phone, name: `Customer ${String(n)}` }),
        );
      const categories = ['marketing', 'utility', 'service', 'authentication-international', 'marketing'];

      const expected = new Map<string, { messages: number; free: number; billed: number; sums: Map<string, bigint> }>();
      const count = (key: string, isFree: boolean, price: [string, bigint] | null): void => {
        const sum = expected.get(key) ?? { messages: 0, free: 0, billed: 0, sums: new Map<string, bigint>() };
        sum.messages += 1;
        if (isFree) sum.free += 1;
        if (price) {
          sum.billed += 1;
          sum.sums.set(price[0], (sum.sums.get(price[0]) ?? 0n) + price[1]);
        }
        expected.set(key, sum);
      };
      const told: [Told[], Told[]] = [[], []];
      for (let n = 0; n < 240; n += 1) {
        const who = n % phones.length;
        const phone = (phones[who] ?? '').slice(1);
        const category = categories[((n * 7) % 11) % categories.length] ?? '';
        const agent = agents[n % 3];
        const template = category === 'service' ? null : `template_${String(n % 4)}`;
        const campaign = n % 6 === 0 ? null : `Autumn ${String(n % 5)}`;
        // From the last hours of September to the first of November, every three hours and a bit.
        const at = Date.parse('2026-10-01T00:00:00Z') + n * 11_232_000;
        const pricing = n % 13 === 0 ? null : n % 7 === 0 ? free(category) : billed(category);
        const wamid = `wamid.M${String(n)}`;
        await givenSent(app, threads[who] ?? '', wamid, { agentId: agent?.id ?? null, template, campaign });
        told[who % 2]?.push({ wamid, at: new Date(at).toISOString(), pricing });
        const isOfMonth = at >= Date.parse('2026-10-01T03:00:00Z') && at < Date.parse('2026-11-01T03:00:00Z');
        if (!isOfMonth) continue;
        const isFree = pricing !== null && !pricing.billable;
        const price = pricing?.billable ? micros(category, phone, at) : null;
        const word = pricing === null ? '' : category.replace('-', '_');
        for (const key of [
          'total',
          `category ${word}`,
          `template ${template ?? ''}`,
          `campaign ${campaign ?? ''}`,
          `agent ${agent?.id ?? 'bot'}`,
          `conversation ${threads[who] ?? ''}`,
          `number ${channels[who % 2] ?? ''}`,
          'month 2026-10',
        ])
          count(key, isFree, price);
      }
      const [first] = await rows<{ phone: string }>(
        app,
        'select phone_number_id as phone from channels where id = $1',
        [channels[0]],
      );
      const numbers = [PHONE_NUMBER_ID, SECOND_PHONE_NUMBER_ID];
      if (first?.phone !== numbers[0]) numbers.reverse();
      for (const [n, list] of told.entries()) {
        await delivered(numbers[n] ?? '', list);
        // What Meta repeats doubles nothing.
        await delivered(numbers[n] ?? '', list.toReversed());
      }

      const plain = ({ messages, free: none, billed: some, unknown, amounts }: CostSum) => ({
        messages,
        free: none,
        billed: some,
        unknown,
        sums: new Map(
          amounts.map(({ currency, amount }) => [
            currency,
            BigInt(amount.replace('.', '').padEnd(amount.indexOf('.') + 6, '0')),
          ]),
        ),
      });
      const wanted = (key: string) => {
        const sum = expected.get(key);
        return sum && { ...sum, unknown: sum.messages - sum.free - sum.billed };
      };
      const groupings = ['category', 'template', 'campaign', 'agent', 'conversation', 'number', 'month'];
      const seen: string[] = [];
      for (const groupBy of groupings) {
        const answer = await report(`from=2026-10&groupBy=${groupBy}`);
        expect(plain(answer.total)).toEqual(wanted('total'));
        for (const row of answer.rows) {
          seen.push(`${groupBy} ${row.key}`);
          expect(plain(row), `${groupBy} ${row.key}`).toEqual(wanted(`${groupBy} ${row.key}`));
        }
      }
      expect(seen.sort()).toEqual([...expected.keys()].filter((key) => key !== 'total').sort());
      expect(wanted('total')?.unknown).toBeGreaterThan(10);
      expect(wanted('total')?.sums.get('INR')).toBeGreaterThan(0n);
    },
    PATIENCE_MS * 4,
  );
});

describe('a report', () => {
  it('of a month without messages is empty, without rates too', async () => {
    expect(await report('from=2026-09')).toMatchObject({
      rows: [],
      isCut: false,
      total: { messages: 0, billed: 0, free: 0, unknown: 0, amounts: [] },
    });
  });

  it('never adds the unknown as zero: a price without a rate, a message without a price, a customer without a number', async () => {
    await setBilling('UTC');
    await importRates('2026-10-01,*,marketing,USD,0.1\n2026-11-10,*,utility,USD,0.2');
    const known = await givenThread(app, { channelId: channels[0] ?? '' });
    const hidden = await givenThread(app, { channelId: channels[0] ?? '', phone: null, name: 'Teo' });
    for (const [thread, wamid] of [
      [known, 'wamid.1'],
      [known, 'wamid.2'],
      [known, 'wamid.3'],
      [known, 'wamid.4'],
      [hidden, 'wamid.5'],
    ] as const)
      await givenSent(app, thread, wamid);
    const at = '2026-11-05T12:00:00Z';
    const [number] = await rows<{ id: string }>(app, 'select phone_number_id as id from channels where id = $1', [
      channels[0],
    ]);
    await delivered(number?.id ?? '', [
      { wamid: 'wamid.1', at, pricing: billed('marketing') },
      // Before the first rate of its category.
      { wamid: 'wamid.2', at, pricing: billed('utility') },
      { wamid: 'wamid.3', at },
      // Of conversations, as it was until July 2025: no rate for a message fits.
      { wamid: 'wamid.4', at, pricing: { billable: true, pricing_model: 'CBP', category: 'marketing' } },
      { wamid: 'wamid.5', at, pricing: billed('marketing') },
    ]);
    const { total, rows: byThread } = await report('from=2026-11&groupBy=conversation');
    expect(total).toMatchObject({ messages: 5, billed: 1, unknown: 4, amounts: [{ currency: 'USD', amount: '0.10' }] });
    expect(byThread).toMatchObject([
      { key: known, name: 'Maren Okafor', unknown: 3 },
      { key: hidden, name: 'Teo', unknown: 1, amounts: [] },
    ]);
  });

  it('counts a merged thread where it went, tells when it is cut, and spans months', async () => {
    await importRates('2026-01-01,*,marketing,USD,1');
    const [survivor, younger, other] = [
      await givenThread(app, { channelId: channels[0] ?? '', name: 'One' }),
      await givenThread(app, { channelId: channels[0] ?? '', name: 'Same' }),
      await givenThread(app, { channelId: channels[0] ?? '', name: 'Other' }),
    ];
    const at = ['2026-08-10T00:00:00Z', '2026-09-10T00:00:00Z', '2026-09-11T00:00:00Z'];
    const [number] = await rows<{ id: string }>(app, 'select phone_number_id as id from channels where id = $1', [
      channels[0],
    ]);
    for (const [n, thread] of [survivor, younger, other].entries()) {
      await givenSent(app, thread, `wamid.${String(n)}`);
      await delivered(number?.id ?? '', [
        { wamid: `wamid.${String(n)}`, at: at[n] ?? '', pricing: billed('marketing') },
      ]);
    }
    await rows(app, 'update conversations set merged_into_id = $1 where id = $2', [survivor, younger]);
    const { rows: threads, isCut } = await report('from=2026-08&to=2026-09&groupBy=conversation&limit=1');
    expect([threads, isCut]).toMatchObject([[{ key: survivor, name: 'One', messages: 2 }], true]);
    const { rows: months } = await report('from=2026-08&to=2026-09&groupBy=month');
    expect(months).toMatchObject([
      { key: '2026-08', messages: 1 },
      { key: '2026-09', messages: 2 },
    ]);
  });

  it('goes out as a table that a spreadsheet reads and does not run', async () => {
    await importRates('2026-01-01,*,marketing,USD,1.005');
    const thread = await givenThread(app, { channelId: channels[0] ?? '', name: '=cmd|"x"!A1' });
    const [number] = await rows<{ id: string }>(app, 'select phone_number_id as id from channels where id = $1', [
      channels[0],
    ]);
    await givenSent(app, thread, 'wamid.1');
    await delivered(number?.id ?? '', [{ wamid: 'wamid.1', at: '2026-08-10T00:00:00Z', pricing: billed('marketing') }]);
    const response = await fetch(`${app.url}/api/costs/csv?from=2026-08&groupBy=conversation`, {
      headers: { authorization: `Bearer ${admin.token}` },
    });
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect(await response.text()).toBe(
      [
        'conversation,name,messages,billed,free,unknown,amount_USD',
        `${thread},"'=cmd|""x""!A1",1,1,0,0,1.005`,
        'total,,1,1,0,0,1.005',
        '',
      ].join('\r\n'),
    );
  });

  it('says how much of the free allowance each number has used', async () => {
    await setBilling('UTC', [{ effectiveFrom: '2026-10-01', serviceAllowance: 1_000, utilityFreeInWindow: false }]);
    const thread = await givenThread(app, { channelId: channels[0] ?? '' });
    const [number] = await rows<{ id: string }>(app, 'select phone_number_id as id from channels where id = $1', [
      channels[0],
    ]);
    for (const wamid of ['wamid.1', 'wamid.2', 'wamid.3']) await givenSent(app, thread, wamid);
    await delivered(number?.id ?? '', [
      { wamid: 'wamid.1', at: '2026-11-05T12:00:00Z', pricing: free('service') },
      { wamid: 'wamid.2', at: '2026-11-05T12:00:00Z', pricing: free('utility') },
      { wamid: 'wamid.3', at: '2026-11-05T12:00:00Z', pricing: billed('service') },
    ]);
    const answer = await report('from=2026-11&groupBy=number');
    expect(answer).toMatchObject({ serviceAllowance: 1_000, rows: [{ freeService: 1, free: 2, unknown: 1 }] });
    expect((await report('from=2026-09')).serviceAllowance).toBeNull();
  });
});

describe('the rate card', () => {
  const RATE = { effectiveFrom: '2026-10-01', prefix: '55', category: 'marketing', currency: 'USD', amount: '0.0625' };

  it('takes, changes and forgets rates, each once for its market, category and day', async () => {
    const created = await app.call<Rate>(admin, 'POST', '/rates', RATE);
    expect(created).toMatchObject({ status: 201, body: RATE });
    expect(await app.call(admin, 'POST', '/rates', RATE)).toMatchObject({ status: 409, body: { code: 'rate.exists' } });
    const path = `/rates/${created.body.id}`;
    expect(await app.call(admin, 'PATCH', path, { amount: '0.06' })).toMatchObject({ body: { amount: '0.06' } });
    await app.call(admin, 'POST', '/rates', { ...RATE, prefix: '' });
    expect(await app.call(admin, 'PATCH', path, { prefix: '' })).toMatchObject({ status: 409 });
    expect((await get<RateCard>('/rates')).items).toHaveLength(2);
    expect((await app.call(admin, 'DELETE', path)).status).toBe(204);
    expect(await app.call(admin, 'DELETE', path)).toMatchObject({ status: 404, body: { code: 'rate.not_found' } });
  });

  it.each([
    ['amount', '0,06'],
    ['amount', '1e3'],
    ['amount', '-1'],
    ['amount', '0.0000001'],
    ['prefix', '+55'],
    ['currency', 'dollars'],
    ['effectiveFrom', '2026-02-30'],
    ['category', 'Marketing!'],
  ])('refuses %s %s', async (field, value) => {
    expect(await app.call(admin, 'POST', '/rates', { ...RATE, [field]: value })).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', fields: [{ path: field }] },
    });
  });

  it('is taken from a table as a whole or not at all', async () => {
    expect((await importRates(CARD)).body).toEqual({ added: 9, changed: 0, unchanged: 0 });
    expect((await importRates(`${CARD.replace('0.0604', '0.06')}\n2026-10-01,44,utility,GBP,0.02`)).body).toEqual({
      added: 1,
      changed: 1,
      unchanged: 8,
    });
    expect(await importRates('2026-10-01,33,utility,EUR,0.02\n2026-10-01,34,utility,EUR,free')).toMatchObject({
      status: 422,
      body: {
        code: 'rate.import_refused',
        faults: [{ line: 2, column: 'amount', problem: 'malformed', value: 'free' }],
      },
    });
    expect((await get<RateCard>('/rates')).items).toHaveLength(10);
  });

  it('takes a table for every market of the world', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `2026-10-01,${String(n + 10_000)},marketing,USD,0.0625`);
    expect((await importRates(lines.join('\n'))).body).toEqual({ added: 5_000, changed: 0, unchanged: 0 });
  });

  it('keeps what is free and where days begin', async () => {
    const terms = [
      { effectiveFrom: '2025-07-01', serviceAllowance: null, utilityFreeInWindow: true },
      { effectiveFrom: '2026-10-01', serviceAllowance: 1_000, utilityFreeInWindow: false },
    ];
    expect((await setBilling('Asia/Kolkata', terms)).status).toBe(200);
    expect((await get<RateCard>('/rates')).billing).toEqual({ timeZone: 'Asia/Kolkata', terms });
    expect((await setBilling('Mars/Olympus', terms)).status).toBe(400);
    expect((await setBilling('UTC', [...terms, ...terms])).status).toBe(400);
  });
});

describe('the price before sending', () => {
  const TERMS = { effectiveFrom: '2020-01-01', serviceAllowance: null, utilityFreeInWindow: true };
  const prices = async (id: string) => {
    const { items } = await get<PriceList>(`/conversations/${id}/prices`, agents[0]);
    return Object.fromEntries(items.map(({ category, kind, price }) => [category, price?.amount ?? kind]));
  };

  it('is the rate in force for this customer, free in the window where the terms say so, and else unknown', async () => {
    await importRates(
      '2020-01-01,55,marketing,USD,0.05\n2020-01-01,55,utility,USD,0.01\n2099-01-01,55,authentication,USD,0.02',
    );
    const channelId = channels[0] ?? '';
    const open = await givenThread(app, {
      channelId,
      phone: '+5511987654321',
      windowExpiresAt: '2099-01-01T00:00:00Z',
    });
    const closed = await givenThread(app, { channelId, phone: '+5511987654322' });
    const abroad = await givenThread(app, { channelId, phone: '+447700900123' });
    const hidden = await givenThread(app, { channelId, phone: null });
    await setBilling('UTC', [TERMS]);
    expect(await prices(open)).toEqual({ marketing: '0.05', utility: 'free', authentication: 'unknown' });
    expect(await prices(closed)).toEqual({ marketing: '0.05', utility: '0.01', authentication: 'unknown' });
    expect(await prices(abroad)).toEqual({ marketing: 'unknown', utility: 'unknown', authentication: 'unknown' });
    expect(await prices(hidden)).toEqual({ marketing: 'unknown', utility: 'unknown', authentication: 'unknown' });
    // Who hides their number is named by an id that begins with their country.
    await rows(
      app,
      `insert into contact_identities (kind, scope, value, contact_id)
       select 'bsuid', 'portfolio', 'BR.88213004517736620914', contact_id from conversations where id = $1`,
      [hidden],
    );
    expect(await prices(hidden)).toEqual({ marketing: '0.05', utility: '0.01', authentication: 'unknown' });
    await setBilling('UTC', [{ ...TERMS, utilityFreeInWindow: false }]);
    expect(await prices(open)).toMatchObject({ utility: '0.01' });
    await setBilling('UTC', []);
    expect(await prices(open)).toMatchObject({ utility: 'unknown' });
  });

  it('is nothing while Meta has the thread free, because an advertisement brought the customer', async () => {
    const id = await givenThread(app, { channelId: channels[0] ?? '', phone: '+5511987654323' });
    const freeUntil = (interval: string) =>
      rows(app, 'update conversations set free_until = app_now() + $2::interval where id = $1', [id, interval]);
    await freeUntil('1 hour');
    expect(await prices(id)).toEqual({ marketing: 'free', utility: 'free', authentication: 'free' });
    await freeUntil('-1 second');
    expect(await prices(id)).not.toMatchObject({ marketing: 'free' });
  });
});

describe('the price of what is written by hand', () => {
  const terms = (serviceAllowance: number | null) => [
    { effectiveFrom: '2020-01-01', serviceAllowance, utilityFreeInWindow: true },
  ];
  const priceOf = (id: string) => get<ServicePrice>(`/conversations/${id}/service-price`, agents[0]);
  /** Messages that Meta told of with this type and category, the oldest so long ago. */
  const told = (channelId: string, count: number, type: string, category: string, ago = '0 seconds') =>
    rows(
      app,
      `insert into message_charges (channel_id, wamid, conversation_id, message_id, at, type, category, sender_type)
       select $1, gen_random_uuid()::text, gen_random_uuid(), gen_random_uuid(), app_now() - $5::interval, $3, $4, 'agent'
       from generate_series(1, $2)`,
      [channelId, count, type, category, ago],
    );

  it('is said as far as the number has used up its month, and other numbers, months and kinds are left out', async () => {
    const [channelId = '', another = ''] = channels;
    const id = await givenThread(app, { channelId, phone: '+5511987654321' });
    await importRates('2020-01-01,55,service,USD,0.004');
    const price = { category: 'service', kind: 'amount', price: { currency: 'USD', amount: '0.004' } };
    await setBilling('UTC', terms(40));
    await told(another, 40, 'free_customer_service', 'service');
    await told(channelId, 40, 'free_customer_service', 'service', '32 days');
    await told(channelId, 40, 'free_customer_service', 'utility');
    await told(channelId, 40, 'regular', 'service');
    await told(channelId, 37, 'free_customer_service', 'service');
    expect(await priceOf(id)).toEqual({ standing: 'plenty', left: 3, price });
    await told(channelId, 1, 'free_customer_service', 'group_service');
    expect(await priceOf(id)).toEqual({ standing: 'nearly', left: 2, price });
    await told(channelId, 9, 'free_customer_service', 'service');
    expect(await priceOf(id)).toEqual({ standing: 'beyond', left: 0, price });
    await rows(app, `update conversations set free_until = app_now() + interval '1 hour' where id = $1`, [id]);
    expect(await priceOf(id)).toMatchObject({ standing: 'plenty', price: { kind: 'free' } });
  });

  it('is unknown without terms or without a rate, and never nothing', async () => {
    const id = await givenThread(app, { channelId: channels[0] ?? '', phone: '+447700900123' });
    const price = { category: 'service', kind: 'unknown', price: null };
    await setBilling('UTC', []);
    expect(await priceOf(id)).toEqual({ standing: 'unknown', left: null, price });
    await setBilling('UTC', terms(null));
    expect(await priceOf(id)).toEqual({ standing: 'plenty', left: null, price });
    await setBilling('UTC', terms(0));
    expect(await priceOf(id)).toEqual({ standing: 'beyond', left: 0, price });
  });

  it('is for who may see the conversation', async () => {
    const { status } = await app.call(agents[0] ?? admin, 'GET', `/conversations/${crypto.randomUUID()}/service-price`);
    expect(status).toBe(404);
  });
});
