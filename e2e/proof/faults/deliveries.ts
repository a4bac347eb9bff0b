import { createHash } from 'node:crypto';
import { contactOf, envelope, textMessage } from '../bodies.ts';
import type { Fault } from '../fault.ts';
import type { Correspondence, Written } from '../ledger.ts';
import type { Random } from '../random.ts';
import { waitFor } from '../../topology/wait-for.ts';

const STEPS = ['sent', 'delivered', 'read', 'failed'] as const;
const LADDER = ['sent', 'delivered', 'read'];
const NEIGHBOUR_TARGET_SECONDS = 2;
const MAX_TRIES = 5;
const POISON_AT_ONCE = 10;
const OK = 200;
const PARTS_PER_BODY = 50;
const MINUTE_SECONDS = 60;
/** Of messages that share their second with the one before. */
const HASTY_SHARE = 0.3;

/** The state that a set of reports amounts to, by the ladder alone: `failed` wins only below delivered. */
function modelState(steps: readonly string[]): string {
  const highest = Math.max(...steps.map((step) => LADDER.indexOf(step)));
  return steps.includes('failed') && highest < LADDER.indexOf('delivered') ? 'failed' : (LADDER[highest] ?? 'accepted');
}

/** Statuses in any order and repetition, and customers' messages among them. */
export const statusStorm: Fault = {
  id: 'F6',
  title: 'Deliveries and statuses come twice, out of order and packed anew',
  target: 'the final state of every message equals the model’s',
  asked: '100,000 statuses',
  async run({ rig, traffic, ledger, random, size }) {
    await rig.behave({ statuses: { auto: false }, webhooks: { duplicate: 0.5, reorder: 0.5, batch: size(6, 30) } });
    await traffic.begin(size(8, 100));
    for (let round = 0; round < size(3, 20); round += 1)
      await Promise.all(ledger.correspondences.map((correspondence) => traffic.reply(correspondence)));
    const replies = new Map(ledger.correspondences.flatMap((one) => one.replies).map((reply) => [reply.body, reply]));
    await waitFor(async () => (await rig.acceptedCount()) >= replies.size, 'Meta to have them all');
    const taken = await rig.accepted();
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const reports = taken.flatMap(({ wamid, body }) => {
      const kinds = random.shuffled(STEPS).slice(0, 1 + random.below(STEPS.length));
      const steps = Array.from({ length: 1 + random.below(size(8, 100)) }, () => random.pick(kinds));
      ledger.expectedStates.set(replies.get(body.text?.body ?? '')!.clientMessageId, modelState(steps));
      return steps.map((status) => ({
        wamid,
        status,
        timestamp: String(nowSeconds - random.below(MINUTE_SECONDS)),
        ...(status === 'failed' ? { errors: [131026] } : {}),
      }));
    });
    const all = random.shuffled(reports);
    await traffic.while(
      async () => {
        for (let start = 0; start < all.length; start += PARTS_PER_BODY)
          await rig.meta('POST', 'statuses?wait=false', all.slice(start, start + PARTS_PER_BODY));
      },
      { replies: false, least: size(40, 2_000), perTurn: size(4, 20) },
    );
    ledger.facts['statuses'] = reports.length;
  },
};

/** 50 messages, 50 statuses, fields and shapes that nobody knows, and one item that is not what it says, in one body. */
export const largeBodies: Fault = {
  id: 'F7',
  title: 'Large mixed bodies with unknown fields and a bad item',
  target: 'every item stored, the bytes kept, the bad item alone left out',
  asked: '1,000 bodies of 100 items. Fewer: each is posted after the one before was answered',
  async run({ rig, traffic, ledger, random, size }) {
    await traffic.begin(size(10, 100));
    const bodies = Array.from({ length: size(4, 300) }, () => mixedBody(ledger.correspondences, random));
    for (const body of bodies) {
      // As Meta does: what is refused comes again. One after the other, so that equal seconds keep the bodies' order.
      const statuses: number[] = [];
      while (statuses.at(-1) !== OK && statuses.length < MAX_TRIES) statuses.push((await rig.post(body)).status);
      if (statuses.join() !== String(OK))
        ledger.blame('bad answer', `a mixed body was answered with ${statuses.join(', ')}`);
    }
    const hashes = bodies.map((body) => createHash('sha256').update(body).digest());
    const kept = await rig.count('webhook_deliveries where body_hash = any($1) and sha256(body) = body_hash', [hashes]);
    if (kept !== bodies.length)
      ledger.blame('lost', `${String(bodies.length - kept)} bodies are not kept as they came`);
    ledger.facts['bodies'] = bodies.length;
  },
};

function mixedBody(correspondences: readonly Correspondence[], random: Random): string {
  const texts = Array.from({ length: PARTS_PER_BODY }, () => {
    const { phone, written } = random.pick(correspondences);
    const number = written.length + 1;
    const at = written.at(-1)!.at + (random.chance(HASTY_SHARE) ? 0 : 1);
    const one: Written = { wamid: `wamid.${phone}.${String(number)}`, body: `${phone} says ${String(number)}`, at };
    written.push(one);
    return { phone, ...one };
  });
  const statuses = texts.map(({ phone }, index) => ({
    id: `wamid.nobody.${String(random.next())}.${String(index)}`,
    status: random.pick(['sent', 'delivered', 'read', 'teleported']),
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: phone,
  }));
  const bad = { from: 12, id: ['not', 'an', 'id'], timestamp: {}, type: 'text', text: 'not an object' };
  return envelope({
    contacts: [...new Set(texts.map(({ phone }) => phone))].map(contactOf),
    messages: [...texts.map(textMessage), bad],
    statuses,
    a_field_of_tomorrow: { nested: [{ deeply: [null, 1e308, 'ü\u0000\ud83d'] }] },
  });
}

/** Items that the store refuses each time: they stand alone, are tried five times and end dead; the others go on. */
export const poisonItems: Fault = {
  id: 'F8',
  title: 'Poison items',
  target: 'dead after five tries; neighbours wait less than 2 s',
  asked: '100 items',
  async run({ rig, traffic, ledger, random, size, recovers, doorToScreen }) {
    await traffic.begin(size(6, 30));
    await rig.sql(
      `create or replace function proof_poison() returns trigger language plpgsql as $$ begin
         if new.body like 'poison%' then raise exception 'made to fail' using errcode = '22P02'; end if;
         return new;
       end $$`,
    );
    await rig.sql('create trigger proof_poison before insert on messages for each row execute function proof_poison()');
    const victims = size(3, 100);
    await traffic.while(async () => {
      for (let count = 1; count <= victims; count += 1) {
        const { phone, written } = random.pick(ledger.correspondences);
        const wamid = `wamid.poison.${rig.nextPhone()}`;
        ledger.poison.add(wamid);
        await traffic.deliver([{ phone, written: [{ wamid, body: `poison ${wamid}`, at: written[0]!.at }] }]);
        // While those before are tried again and again, more come: the longest wait of all counts.
        if (count % POISON_AT_ONCE === 0 || count === victims)
          await recovers('a new message on every screen, among poison', NEIGHBOUR_TARGET_SECONDS, doorToScreen);
      }
      const dead = `webhook_items where wamid like 'wamid.poison.%' and outcome = 'dead'`;
      await waitFor(async () => {
        // Each try waits longer than the one before; the deployment's clock need not. No further than to the last of them:
        // the customers' windows go by the same clock.
        const [wait] = await rig.sql<{ seconds: number | null }>(
          `select ceil(extract(epoch from max(next_at) - app_now()))::int as seconds from webhook_deliveries
           where state = 'retry' having min(next_at) > app_now()`,
        );
        if (wait?.seconds) await rig.putClockForward(wait.seconds);
        return (await rig.count(`(select distinct wamid from ${dead}) poison`)) === victims;
      }, 'the end of the poison');
      const odd = await rig.count(`${dead} and attempts <> ${String(MAX_TRIES)}`);
      if (odd > 0) ledger.blame('dead', `${String(odd)} items not after five tries`);
    });
    await rig.sql('drop trigger proof_poison on messages');
    ledger.facts['poison items'] = victims;
  },
};
