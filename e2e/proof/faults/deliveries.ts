import { createHash } from 'node:crypto';
import { contactOf, envelope, textMessage } from '../bodies.ts';
import type { Fault } from '../fault.ts';
import type { Correspondence, Written } from '../ledger.ts';
import type { Random } from '../random.ts';
import { waitFor } from '../rig.ts';

const STEPS = ['sent', 'delivered', 'read', 'failed'] as const;
const LADDER = ['sent', 'delivered', 'read'];
const NEIGHBOUR_TARGET_SECONDS = 2;
const MAX_TRIES = 5;
const LONGEST_BACK_OFF_SECONDS = 300;
const OK = 200;
const PARTS_PER_BODY = 50;
const MINUTE_SECONDS = 60;

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
  async run({ rig, traffic, ledger, random, size }) {
    await rig.behave({ statuses: { auto: false }, webhooks: { duplicate: 0.5, reorder: 0.5, batch: 6 } });
    await traffic.begin(size(8, 60));
    for (let round = 0; round < size(3, 15); round += 1)
      await Promise.all(ledger.correspondences.map((correspondence) => traffic.reply(correspondence)));
    const replies = new Map(ledger.correspondences.flatMap((one) => one.replies).map((reply) => [reply.body, reply]));
    const taken = await waitFor(async () => {
      const accepted = (await rig.accepted()).filter(({ body }) => replies.has(body.text?.body ?? ''));
      return accepted.length >= replies.size ? accepted : null;
    }, 'Meta to have them all');
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const reports = taken.flatMap(({ wamid, body }) => {
      const steps = random.shuffled([...STEPS, ...STEPS]).slice(0, 1 + random.below(STEPS.length * 2));
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
      { replies: false, least: size(40, 3_000), perTurn: size(4, 30) },
    );
    ledger.facts['statuses'] = reports.length;
  },
};

/** 50 messages, 50 statuses, fields and shapes that nobody knows, and one item that is not what it says, in one body. */
export const largeBodies: Fault = {
  id: 'F7',
  title: 'Large mixed bodies with unknown fields and a bad item',
  target: 'every item stored, the bytes kept, the bad item alone left out',
  async run({ rig, traffic, ledger, random, size }) {
    await traffic.begin(size(10, 50));
    const bodies = Array.from({ length: size(4, 200) }, () => mixedBody(ledger.correspondences, random));
    for (const body of bodies) {
      const { status } = await rig.post(body);
      if (status !== OK) ledger.blame('bad answer', `a mixed body was answered with ${String(status)}`);
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
    const at = written.at(-1)!.at + 1;
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
      for (let count = 0; count < victims; count += 1) {
        const { phone, written } = random.pick(ledger.correspondences);
        const wamid = `wamid.poison.${rig.nextPhone()}`;
        ledger.poison.add(wamid);
        await traffic.deliver([{ phone, written: { wamid, body: `poison ${wamid}`, at: written[0]!.at } }]);
      }
      await recovers('a new message on every screen, among poison', NEIGHBOUR_TARGET_SECONDS, doorToScreen);
      const dead = `webhook_items where wamid like 'wamid.poison.%' and outcome = 'dead'`;
      await waitFor(async () => {
        // Each try waits longer than the one before; the deployment's clock need not.
        await rig.putClockForward(LONGEST_BACK_OFF_SECONDS);
        return (await rig.count(`(select distinct wamid from ${dead}) poison`)) === victims;
      }, 'the end of the poison');
      const odd = await rig.count(`${dead} and attempts <> ${String(MAX_TRIES)}`);
      if (odd > 0) ledger.blame('dead', `${String(odd)} items not after five tries`);
    });
    const innocent = await rig.count(`webhook_items where outcome = 'dead' and wamid not like 'wamid.poison.%'`);
    if (innocent > 0) ledger.blame('dead', `${String(innocent)} innocent items died as well`);
    await rig.sql('drop trigger proof_poison on messages');
    ledger.facts['poison items'] = victims;
  },
};
