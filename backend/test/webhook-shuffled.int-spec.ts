import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allPieces, apart, mixed, mixes } from './support/payload-mixer.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { drained, givenTenants, manifest, post, rows, sign, wipe } from './support/webhook-rig.js';

const SECRET = manifest.app_secret;
const RUNS = 2;
const AT_ONCE = 4;
/** Of whom something is told beside their messages. */
const TOLD_OF = ['US.13377200418826640051', 'US.40918837265510472219', 'GB.71820049361155820047'];

let app: TestApp;
/** What has no time of Meta's, or an absurd one, has that of its arrival: later than this. */
let began: Date;

beforeAll(async () => {
  app = await startTestApp({ env: { WHATSAPP_APP_SECRET: SECRET } });
  await givenTenants(app);
  began = new Date();
});
afterAll(() => app.close());
beforeEach(() => empty());

async function empty(): Promise<void> {
  await wipe(app);
  await rows(app, 'truncate message_templates, template_syncs, channel_imports, channel_standing');
}

async function play(bodies: readonly Buffer[], atOnce: number): Promise<void> {
  const waiting = [...bodies];
  const worker = async (): Promise<void> => {
    for (let body = waiting.shift(); body; body = waiting.shift()) {
      expect(await post(app, body, sign(body, SECRET))).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await drained(app, 90_000);
}

interface Entry {
  changes: { value?: { messages?: unknown[]; statuses?: unknown[] } | null }[];
}

/** Of the bodies that the mixer wrote; those that it leaves as they are say nothing of it. */
function entriesOf(body: Buffer): Entry[] {
  try {
    const { entry } = JSON.parse(body.toString()) as { entry?: Entry[] };
    return (entry ?? []).filter(({ changes }) => Array.isArray(changes));
  } catch {
    return [];
  }
}

/** What is left of the set, told without the ids and times that are ours, and without what is shown by order of arrival. */
async function left(): Promise<Record<string, object[]>> {
  return {
    messages: await rows(
      app,
      `select c.phone_number_id as number, m.wamid, m.direction, m.type, m.raw_type, m.body, m.content, m.forwarded,
         m.reply_to_wamid, m.status, m.meta_timestamp, m.edited_at, m.revoked_at, m.revisions, m.origin,
         case when m.event_at < $1 then m.event_at end as event_at
       from messages m join channels c on c.id = m.channel_id order by c.phone_number_id, m.wamid collate "C"`,
      [began],
    ),
    threads: await rows(
      app,
      `select c.phone_number_id as number, v.group_id is not null as of_group, v.inbound_count,
         array_agg(m.wamid order by m.wamid collate "C") as wamids
       from conversations v join channels c on c.id = v.channel_id
       left join messages m on m.conversation_id = v.id
       group by v.id, c.phone_number_id order by c.phone_number_id, (array_agg(m.wamid order by m.wamid collate "C"))[1]`,
    ),
    reactions: await rows(
      app,
      `select m.wamid, r.actor_type, r.emoji, r.event_at
       from message_reactions r join messages m on m.conversation_id = r.conversation_id and m.id = r.message_id
       order by m.wamid collate "C", r.actor_type`,
    ),
    statuses: await rows(
      app,
      `select c.phone_number_id as number, s.wamid, s.participant, s.accepted_at, s.sent_at, s.delivered_at, s.read_at,
         s.played_at, s.failed_at, s.errors, s.pricing
       from message_statuses s join channels c on c.id = s.channel_id
       order by c.phone_number_id, s.wamid collate "C", s.participant collate "C"`,
    ),
    // The set gives one id to two templates, which Meta never does, and tells several things of one second, of which the
    // later arrival counts: whose name and which of them stands is nobody's to say.
    templates: await rows(
      app,
      `select business_account_id, id, components,
         case when jsonb_array_length(coalesce(told_at_once #> '{status,told}', '[]')) < 2 then status end as status,
         case when jsonb_array_length(coalesce(told_at_once #> '{quality,told}', '[]')) < 2 then quality end as quality
       from message_templates order by business_account_id, id collate "C"`,
    ),
    imports: await rows(
      app,
      `select c.phone_number_id as number, i.phase, i.progress, i.messages, i.declined_code
       from channel_imports i join channels c on c.id = i.channel_id order by 1`,
    ),
    counts: await rows(
      app,
      `select c.phone_number_id as number, count(*) filter (where m.direction = 'inbound') as inbound
       from messages m join channels c on c.id = m.channel_id group by 1 order by 1`,
    ),
    standing: await rows(
      app,
      `select business_account_id, phone_number_id, part, case when told_before = '[]' then value end as value, source,
         until, case when told_at < $1 then told_at end as told_at
       from channel_standing order by business_account_id, phone_number_id, part collate "C"`,
      [began],
    ),
    charges: await rows(
      app,
      `select wamid, participant, at, type, category, billable, model from message_charges
       order by wamid collate "C", participant collate "C"`,
    ),
    calls: await rows(
      app,
      `select call from timeline_entries where kind = 'call' order by call ->> 'wacid' collate "C"`,
    ),
    // Which further ids somebody has hangs on whether they were known when the ids changed.
    people: await rows(
      app,
      `select i.value as bsuid, c.marketing_stopped, c.marketing_told_at, c.identity_hash, c.identity_hash_at
       from contact_identities i join contacts c on c.id = i.contact_id
       where i.kind = 'bsuid' and i.value = any($1) order by i.value`,
      [TOLD_OF],
    ),
    notices: await rows(app, `select distinct code, title from channel_notices order by code, title`),
    unfinished: await rows(app, `select kind from webhook_items where outcome in ('dead', 'pending')`),
  };
}

describe('the whole set of payloads', () => {
  it('is mixed so that messages of several files share a value, and changes of several an entry', () => {
    const bodies = mixed(allPieces(), { seed: 7, repeated: 20, size: 60 });
    const entries = bodies.flatMap((body) => entriesOf(body));
    expect(entries.some(({ changes }) => changes.length > 1)).toBe(true);
    const values = entries.flatMap(({ changes }) => changes.map(({ value }) => value));
    expect(values.some((value) => (value?.messages?.length ?? 0) > 1 && (value?.statuses?.length ?? 0) > 0)).toBe(true);
  });

  it(
    'leaves the same, shuffled, repeated and in other bodies, as one after the other',
    { timeout: 600_000 },
    async () => {
      const pieces = allPieces();
      await play(apart(pieces), 1);
      const expected = await left();
      expect(expected['unfinished']).toEqual([]);
      expect(expected['messages']?.length).toBeGreaterThan(250);

      await fc.assert(
        fc.asyncProperty(mixes, async (mix) => {
          await empty();
          await play(mixed(pieces, mix), AT_ONCE);
          expect(await left()).toEqual(expected);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
  );
});
