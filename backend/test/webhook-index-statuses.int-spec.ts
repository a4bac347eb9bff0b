import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PayloadSet } from './support/payload-set.js';
import { BASE_SECONDS, payload } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands of section C: the statuses of what we sent.

let set: PayloadSet;

beforeAll(async () => {
  set = await PayloadSet.start();
});
afterAll(() => set.close());
beforeEach(() => set.empty());

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** Which message of ours the statuses of a file are about. */
function wamidOf(file: string): string {
  const body = JSON.parse(payload(`${file}.json`).toString()) as {
    entry: { changes: { value: { statuses: { id: string }[] } }[] }[];
  };
  const wamid = body.entry[0]?.changes[0]?.value.statuses[0]?.id;
  if (wamid === undefined) throw new Error(`${file} has no status`);
  return wamid;
}
const pricing = async () =>
  (await set.sql<{ pricing: unknown }>(`select pricing from message_statuses where pricing is not null`)).map(
    (row) => row.pricing,
  );
const errors = async () =>
  (
    await set.sql<{ codes: number[] }>(
      `select array(select (e ->> 'code')::int from jsonb_array_elements(errors) e) as codes
     from message_statuses where errors is not null`,
    )
  ).flatMap(({ codes }) => codes);

const MOVED: [file: string, demand: string, expected: object][] = [
  ['061-status-sent-marketing', 'queued becomes sent', { status: 'sent', sentAt: at(BASE_SECONDS) }],
  ['062-status-delivered-service-free', 'is delivered', { status: 'delivered', deliveredAt: at(BASE_SECONDS + 2) }],
  ['063-status-read', 'advances to read', { status: 'read', readAt: at(BASE_SECONDS + 9) }],
  ['064-status-played', 'ranks above read', { status: 'played', playedAt: at(BASE_SECONDS + 30) }],
  [
    '066-status-failed-131026',
    'is permanent',
    { status: 'failed', error: { code: 131_026, retryable: false, reason: 'undeliverable' }, resendableAt: null },
  ],
  [
    '067-status-failed-131049-bsuid',
    'is found by its wamid alone, and not sent again within a day',
    {
      status: 'failed',
      error: { code: 131_049, reason: 'heldBack' },
      resendableAt: at(BASE_SECONDS + 24 * 3_600),
    },
  ],
  ['068-status-sent-conversation-cbp-legacy', 'all that is new is optional', { status: 'sent' }],
  [
    '069-status-read-without-delivered',
    'sent becomes read at once',
    { status: 'read', readAt: at(BASE_SECONDS + 4), deliveredAt: null },
  ],
  ['070-status-biz-opaque', 'what others attached is only a string', { status: 'delivered' }],
  ['074-status-bsuid-only', 'is found by its wamid', { status: 'delivered', deliveredAt: at(BASE_SECONDS + 5) }],
  ['078-status-deleted-legacy', 'moves nothing', { status: 'accepted', error: null }],
  ['079-status-unknown-future', 'moves nothing', { status: 'accepted', error: null }],
  [
    '080-status-out-of-order-batch',
    'ends read, with each time, whatever the order',
    {
      status: 'read',
      sentAt: at(BASE_SECONDS + 1),
      deliveredAt: at(BASE_SECONDS + 3),
      readAt: at(BASE_SECONDS + 9),
    },
  ],
  [
    '082-status-failed-two-errors',
    'the error that says most leads',
    { status: 'failed', error: { code: 131_053, detail: 'Downloading media from weblink failed with http code 404' } },
  ],
  ['083-status-failed-after-delivered', 'stays delivered', { status: 'delivered', error: null }],
];

describe('a message of ours', () => {
  it.each(MOVED)('%s: %s', async (file, _demand, expected) => {
    await set.sent(wamidOf(file));
    await set.play(file);
    expect(await set.message()).toMatchObject(expected);
    expect((await set.outcomes()).map(({ outcome }) => outcome)).not.toContain('waiting');
  });

  it('063-status-read: passes over no price that was told before it', async () => {
    await set.sent(wamidOf('063-status-read'));
    await set.play('062-status-delivered-service-free', '063-status-read');
    expect(await set.message()).toMatchObject({ status: 'read', deliveredAt: at(BASE_SECONDS + 2) });
    expect(await pricing()).toMatchObject([{ type: 'free_customer_service', category: 'service' }]);
  });

  it('065-status-failed-131047: has failed, and the window is closed here too', async () => {
    const file = '065-status-failed-131047';
    await set.sent(wamidOf(file), { windowExpiresAt: at(BASE_SECONDS + 3_600) });
    await set.play(file);
    expect(await set.message()).toMatchObject({ status: 'failed', error: { code: 131_047, reason: 'windowClosed' } });
    expect((await set.thread()).windowExpiresAt).toBe(at(BASE_SECONDS));
  });

  it('073-status-free-entry-point: until when all is free is kept, whatever comes after', async () => {
    const file = '073-status-free-entry-point';
    await set.sent(wamidOf(file));
    await set.play(file);
    await set.post(payload(`${file}.json`).toString().replace('1795259200', '1795000200'));
    const kept = await set.sql<{ until: Date }>('select free_until as until from conversations');
    expect(kept.map(({ until }) => until.toISOString())).toEqual([at(1_795_259_200)]);
  });

  it('075-status-group-aggregated: each member’s counts for themselves, and proves only that it was sent', async () => {
    const file = '075-status-group-aggregated';
    await set.sent(wamidOf(file));
    await set.play(file);
    const told = await set.sql(
      `select participant, delivered_at is not null as delivered from message_statuses order by participant`,
    );
    expect(told).toEqual([
      { participant: '', delivered: false },
      { participant: 'FR.55019283746650192837', delivered: true },
      { participant: 'GB.71820049361155820047', delivered: true },
      { participant: 'US.40918837265510472219', delivered: true },
    ]);
    expect((await set.message()).status).toBe('sent');
  });

  it('080-status-out-of-order-batch: the repetition is a duplicate, the price is kept', async () => {
    const file = '080-status-out-of-order-batch';
    await set.sent(wamidOf(file));
    await set.play(file);
    expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual([
      'applied',
      'applied',
      'applied',
      'duplicate',
    ]);
    expect(await pricing()).toMatchObject([{ type: 'free_customer_service' }]);
  });
});

describe('what is kept beside it', () => {
  it.each([
    ['061-status-sent-marketing', { billable: true, pricing_model: 'PMP', type: 'regular', category: 'marketing' }],
    ['068-status-sent-conversation-cbp-legacy', { billable: true, pricing_model: 'CBP', category: 'service' }],
    // A hyphen where the others have an underscore: the category is Meta's word, none of ours.
    ['076-status-auth-international', { category: 'authentication-international', type: 'regular' }],
    ['081-status-paid-exempt', { billable: false, subtype: 'paid_exempt' }],
  ])('%s: the price in Meta’s own words', async (file, expected) => {
    await set.sent(wamidOf(file));
    await set.play(file);
    expect(await pricing()).toMatchObject([expected]);
  });

  it('061-status-sent-marketing: the price is recorded once, however often it is told', async () => {
    const file = '061-status-sent-marketing';
    await set.sent(wamidOf(file));
    await set.play(file);
    await set.playAgain(file);
    expect(await pricing()).toHaveLength(1);
    expect((await set.outcomes()).map(({ outcome }) => outcome)).toEqual(['applied', 'duplicate']);
  });

  it.each([
    ['082-status-failed-two-errors', [131_000, 131_053]],
    ['083-status-failed-after-delivered', [131_000]],
  ])('%s: all errors', async (file, codes) => {
    await set.sent(wamidOf(file));
    await set.play(file);
    expect(await errors()).toEqual(codes);
  });

  it.each([
    ['078-status-deleted-legacy', 'deleted'],
    ['079-status-unknown-future', 'screened'],
  ])('%s: the unknown value', async (file, value) => {
    await set.sent(wamidOf(file));
    await set.play(file);
    expect(await set.outcomes()).toEqual([{ kind: 'status', outcome: 'kept', reason: `unknown status "${value}"` }]);
    const [head] = await set.sql<{ others: object }>('select others from message_statuses');
    expect(Object.keys(head?.others ?? {})).toEqual([value]);
  });
});

describe('what is none', () => {
  it('077-status-payment: is kept as a payment', async () => {
    await set.play('077-status-payment');
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['payment kept']);
    expect(await set.sql('select 1 from message_statuses')).toEqual([]);
  });
});

describe('statuses of what we do not know yet', () => {
  it('132-status-before-message: are parked, and what quotes the message is stored', async () => {
    await set.play('132-status-before-message');
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'status waiting',
      'status waiting',
      'message applied',
    ]);
    expect((await set.message()).replyTo).toMatchObject({
      messageId: null,
      wamid: wamidOf('132-status-before-message'),
    });
  });

  it('142-batch-1000-statuses: are all taken', async () => {
    await set.play('142-batch-1000-statuses');
    expect(await set.sql('select outcome, count(*)::int as n from webhook_items group by outcome')).toEqual([
      { outcome: 'waiting', n: 1_000 },
    ]);
  });

  it('147-timestamps-as-numbers: have their time as messages have', async () => {
    await set.play('147-timestamps-as-numbers');
    expect((await set.message()).createdAt).toBe(at(BASE_SECONDS));
    const [head] = await set.sql<{ sentAt: Date }>('select sent_at as "sentAt" from message_statuses');
    expect(head?.sentAt.toISOString()).toBe(at(BASE_SECONDS + 3));
  });

  it('152-messages-statuses-errors-together: each is handled', async () => {
    await set.play('152-messages-statuses-errors-together');
    expect((await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'message applied',
      'status waiting',
      'error applied',
    ]);
  });
});
