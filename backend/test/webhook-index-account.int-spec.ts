import type { ChannelStanding, TemplateList } from '@parley/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PayloadSet } from './support/payload-set.js';
import { BASE_SECONDS, OTHER_PHONE_NUMBER_ID, payload } from './support/webhook-rig.js';

// What INDEX.md beside the payloads demands of section D: templates, numbers, accounts and what else there is.

let set: PayloadSet;

beforeAll(async () => {
  set = await PayloadSet.start();
});
afterAll(() => set.close());
beforeEach(() => set.empty());

const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
const LATER_SECONDS = 3_600;
/** The end of the restrictions in the set. */
const EXPIRATION = '1795604800';

async function nowSeconds(): Promise<number> {
  const [row] = await set.sql<{ now: number }>('select floor(extract(epoch from app_now()))::int as now');
  return row?.now ?? 0;
}
/** As if it was said just now, with its restrictions an hour ahead: what ends by itself has not ended yet. */
async function playNow(file: string): Promise<number> {
  const now = await nowSeconds();
  const body = payload(`${file}.json`)
    .toString()
    .replaceAll(EXPIRATION, String(now + LATER_SECONDS))
    .replaceAll(String(BASE_SECONDS), String(now));
  await set.post(body);
  return now;
}
async function standing(phoneNumberId?: string): Promise<ChannelStanding> {
  const id = await set.channelId(phoneNumberId);
  return (await set.app.call<ChannelStanding>(set.admin, 'GET', `/channels/${id}/standing`)).body;
}
const outcomes = async () => (await set.outcomes()).map(({ kind, outcome }) => `${kind} ${outcome}`);

describe('templates', () => {
  const template = async () => {
    const { body } = await set.app.call<TemplateList>(set.admin, 'GET', `/templates?channel=${await set.channelId()}`);
    return body.items[0];
  };
  const given = () =>
    set.sql(
      `insert into message_templates (business_account_id, id, name, language, category, status, components, updated_at)
       values ('318840027715906', '1284400917726613', 'pickup_ready', 'en_US', 'utility', 'pending',
         '[{"type":"BODY","text":"It is ready."}]', app_now())`,
    );

  it('085-template-status-rejected: a hyphen in the language is an underscore, and the reason is told', async () => {
    await set.play('085-template-status-rejected');
    const { name, language, status, statusReason, statusDetail } = (await template()) ?? {};
    expect({ name, language, status, statusReason, statusDetail }).toEqual({
      name: 'autumn_sale',
      language: 'en_US',
      status: 'rejected',
      statusReason: 'INVALID_FORMAT',
      statusDetail: 'Parameters sit next to each other. Put words between parameters',
    });
  });

  it('092-template-category-impending: warns, and switches nothing yet', async () => {
    await given();
    await set.play('092-template-category-impending');
    expect(await template()).toMatchObject({
      category: 'utility',
      upcomingCategory: { category: 'marketing', at: at(1_795_086_400) },
    });
  });

  it('094-template-correct-category: is stored as what Meta thinks', async () => {
    await given();
    await set.play('094-template-correct-category');
    expect(await template()).toMatchObject({
      category: 'utility',
      upcomingCategory: { category: 'marketing', at: null },
    });
  });

  it('149-very-large-ints: an id that JavaScript cannot hold changes none: the name says which template it is', async () => {
    await given();
    await set.play('149-very-large-ints');
    expect(await template()).toMatchObject({ id: '1284400917726613', status: 'approved' });
    expect(await set.sql('select id from message_templates')).toHaveLength(1);
  });
});

describe('the number and its account', () => {
  it('096-phone-name-approved: reminds to register again, for a fortnight', async () => {
    await playNow('096-phone-name-approved');
    expect((await standing()).troubles).toMatchObject([
      { kind: 'nameApproved', detail: 'Lantern Grove Books', dismissable: true },
    ]);
  });

  it('098-account-restriction: no openings until it ends, told as critical', async () => {
    const now = await playNow('098-account-restriction');
    const until = at(now + LATER_SECONDS);
    expect((await standing()).troubles).toMatchObject([
      { kind: 'restrictedOpenings', severity: 'critical', limits: ['openings'], until },
      { kind: 'restrictedNumbers', detail: 'Review policy', until },
    ]);
    const { body } = await set.app.call<{ items: { troubles: { kind: string }[] }[] }>(
      set.admin,
      'GET',
      '/channels/limited',
    );
    expect(body.items.map(({ troubles }) => troubles.map(({ kind }) => kind))).toEqual([
      ['restrictedOpenings'],
      ['restrictedOpenings'],
    ]);
  });

  it.each([
    ['099-account-violation', 'is an alert', { kind: 'violation', detail: 'SPAM' }],
    [
      '101-account-partner-removed',
      'nothing leaves any more',
      {
        kind: 'accountRemoved',
        severity: 'critical',
        limits: ['openings', 'replies'],
        detail: 'PRIMARY_INACTIVITY · SYSTEM',
      },
    ],
  ])('%s: %s', async (file, _demand, expected) => {
    await playNow(file);
    expect((await standing()).troubles).toMatchObject([expected]);
  });

  it.each([
    ['105-account-review', 'is stored', { part: 'review', value: 'DEFERRED' }],
    ['106-capability-number', 'a limit may be a number', { part: 'messagingLimit', value: '2000' }],
    ['107-capability-tier-string', 'or a tier', { part: 'messagingLimit', value: 'TIER_10K' }],
  ])('%s: %s', async (file, _demand, expected) => {
    await set.play(file);
    const { facts, troubles } = await standing();
    expect(facts).toMatchObject([{ ...expected, source: 'webhook', at: at(BASE_SECONDS) }]);
    expect(troubles).toEqual([]);
  });

  it('103-account-partner-added-no-object: is accepted without an object, for the account that it names', async () => {
    await set.play('103-account-partner-added-no-object');
    expect(await outcomes()).toEqual(['account_update applied']);
    expect((await standing(OTHER_PHONE_NUMBER_ID)).troubles).toEqual([]);
  });
});

const KEPT: [file: string, kinds: string[]][] = [
  ['102-account-volume-tier', ['account_update']],
  ['109-flows-status', ['flows']],
  ['110-flows-endpoint-latency', ['flows']],
  ['111-payment-configuration', ['payment_configuration_update']],
  ['112-automatic-events', ['automatic_events', 'automatic_events']],
  ['113-tracking-events', ['tracking_events']],
  ['118-account-settings', ['account_settings_update']],
  ['119-group-lifecycle', ['group_lifecycle_update']],
  ['120-group-participants', ['group_participants_update']],
  ['121-partner-solutions', ['partner_solutions']],
  ['143-unknown-field', ['wormhole_update']],
];

describe('everything else', () => {
  it.each(KEPT)('%s: is kept as it came, and causes nothing', async (file, kinds) => {
    await set.play(file);
    expect(await outcomes()).toEqual(kinds.map((kind) => `${kind} kept`));
    for (const table of [
      'contacts',
      'conversations',
      'messages',
      'message_keys',
      'channel_notices',
      'channel_standing',
    ]) {
      expect(await set.sql(`select 1 from ${table}`), table).toEqual([]);
    }
    const { body } = await set.app.call<{ items: { id: string; state: string }[] }>(
      set.admin,
      'GET',
      '/webhook-deliveries',
    );
    expect(body.items).toMatchObject([{ state: 'done' }]);
  });
});
