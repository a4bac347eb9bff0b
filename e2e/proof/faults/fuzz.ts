import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from '../fault.ts';
import { mutate } from '../mutations.ts';
import { waitFor } from '../rig.ts';

const PAYLOADS = path.join(import.meta.dirname, '../../fixtures/payloads');
const OK = 200;
const SIDE_BY_SIDE = 16;
const MAX_TRIES_SECONDS = 300;

/** Every recorded shape, changed at random and signed well, beside honest traffic. */
export const fuzzedBodies: Fault = {
  id: 'fuzz',
  title: 'Recorded bodies with fields dropped, renamed, retyped and repeated, and broken bytes',
  target: '200 for each, never a crash, the bytes always kept, nothing that our own code throws at',
  async run({ rig, traffic, ledger, random, size, doorToScreen }) {
    await traffic.begin(size(4, 10));
    const recorded = readdirSync(PAYLOADS)
      .filter((name) => /^\d+-.*\.json$/.test(name))
      .sort()
      .map((name) => readFileSync(path.join(PAYLOADS, name)));
    const pids = rig.topology.instances.map((instance) => instance?.pid);
    const hashes = new Set<string>();
    for (let sent = 0; sent < size(600, 12_000); sent += SIDE_BY_SIDE)
      await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, async (_, index) => {
          const body = mutate(random.pick(recorded), random);
          const { status } = await rig.post(body, rig.instanceUrl(index));
          if (status !== OK)
            ledger.blame('bad answer', `${String(status)} for ${body.toString('base64').slice(0, 2_000)}`);
          hashes.add(createHash('sha256').update(body).digest('hex'));
        }),
      );
    await waitFor(async () => {
      await rig.putClockForward(MAX_TRIES_SECONDS);
      return (await rig.count(`webhook_deliveries where state not in ('done', 'dead')`)) === 0;
    }, 'the end of all bodies');
    const kept = await rig.count(
      `webhook_deliveries where body_hash in (select decode(hash, 'hex') from unnest($1::text[]) hash)
         and sha256(body) = body_hash`,
      [[...hashes]],
    );
    if (kept !== hashes.size) ledger.blame('lost', `${String(hashes.size - kept)} bodies are not kept as they came`);
    const thrown = await rig.sql<{ reason: string; body: string }>(
      `select i.reason, encode(substr(d.body, 1, 1500), 'base64') as body
       from webhook_items i join webhook_deliveries d on d.id = i.delivery_id
       where i.outcome = 'dead' and coalesce(i.wamid, '') not like 'wamid.poison.%' limit 20`,
    );
    for (const { reason, body } of thrown) ledger.blame('dead', `${reason}: ${body}`);
    if (rig.topology.instances.map((instance) => instance?.pid).join() !== pids.join())
      ledger.blame('bad answer', 'an instance died');
    await doorToScreen();
    ledger.facts['bodies'] = hashes.size;
  },
};
