import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault, Scene } from '../fault.ts';
import { mutate } from '../mutations.ts';
import { waitFor } from '../../topology/wait-for.ts';

const PAYLOADS = path.join(import.meta.dirname, '../../fixtures/payloads');
const OK = 200;
const SIDE_BY_SIDE = 16;
const MAX_TRIES_SECONDS = 300;
const HURRY_EVERY_MS = 100;
const FORGED_SHARE = 0.05;
const UNAUTHORISED = 401;
const TOO_LARGE = 413;
const TOO_MUCH_BYTES = 4 * 2 ** 20 + 1;

/** The same bodies under a signature that is not theirs: refused, and no trace of them. */
async function forge({ rig, ledger }: Scene, body: Buffer, url: string): Promise<void> {
  // No other body is the same, however often one is drawn.
  const unsigned = Buffer.concat([body, Buffer.from(` ${rig.nextPhone()}`)]);
  const { status } = await rig.post(unsigned, url, body);
  const hash = createHash('sha256').update(unsigned).digest();
  const kept = await rig.count('webhook_deliveries where body_hash = $1', [hash]);
  if (status !== UNAUTHORISED || kept > 0)
    ledger.blame('leaked', `${String(status)} and ${String(kept)} kept of a body that nobody signed`);
}

/** Every recorded shape, changed at random and signed well, beside honest traffic. */
export const fuzzedBodies: Fault = {
  id: 'fuzz',
  title: 'Recorded bodies with fields dropped, renamed, retyped and repeated, and broken bytes',
  target: '200 for each that is signed, 401 and nothing kept for the rest, 413 for too much; never a crash',
  asked: '1,000,000 bodies. Fewer: what a mutation can find, it has found in the first thousands of any seed so far',
  async run(scene) {
    const { rig, traffic, ledger, random, size, doorToScreen } = scene;
    await traffic.begin(size(4, 10));
    const recorded = readdirSync(PAYLOADS)
      .filter((name) => /^\d+-.*\.json$/.test(name))
      .sort()
      .map((name) => readFileSync(path.join(PAYLOADS, name)));
    const pids = rig.topology.instances.map((instance) => instance?.pid);
    const hashes = new Set<string>();
    for (let sent = 0; sent < size(600, 10_000); sent += SIDE_BY_SIDE)
      await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, async (_, index) => {
          const body = mutate(random.pick(recorded), random);
          if (random.chance(FORGED_SHARE)) return forge(scene, body, rig.instanceUrl(index));
          const { status } = await rig.post(body, rig.instanceUrl(index));
          if (status !== OK)
            ledger.blame('bad answer', `${String(status)} for ${body.toString('base64').slice(0, 2_000)}`);
          hashes.add(createHash('sha256').update(body).digest('hex'));
        }),
      );
    const tooMuch = await rig.post(Buffer.alloc(TOO_MUCH_BYTES, ' '), rig.instanceUrl(0));
    if (tooMuch.status !== TOO_LARGE && tooMuch.status !== 0)
      ledger.blame('bad answer', `${String(tooMuch.status)} for more than 4 MB`);
    let hurriedAtMs = 0;
    await waitFor(async () => {
      if (performance.now() - hurriedAtMs > HURRY_EVERY_MS) {
        hurriedAtMs = performance.now();
        await rig.putClockForward(MAX_TRIES_SECONDS);
      }
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
       where i.outcome = 'dead' and d.received_at >= $1 limit 20`,
      [rig.beganAt],
    );
    for (const { reason, body } of thrown) ledger.blame('dead', `${reason}: ${body}`);
    if (rig.topology.instances.map((instance) => instance?.pid).join() !== pids.join())
      ledger.blame('bad answer', 'an instance died');
    await doorToScreen();
    ledger.facts['bodies'] = hashes.size;
  },
};
