import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './support/test-app.js';
import { drained, givenTenants, manifest, payload, post, rows, sign, wipe } from './support/webhook-rig.js';

const SECRET = manifest.app_secret;
const neighbour = payload('140-same-as-139-unescaped.json');

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ env: { WHATSAPP_APP_SECRET: `rotated-away,${SECRET}` } });
  await givenTenants(app);
});
afterAll(() => app.close());
beforeEach(() => wipe(app));

const STORED = ['applied', 'waiting'];
const counts = async () => {
  const items = await rows<{ kind: string; outcome: string }>(app, 'select kind, outcome from webhook_items');
  const isMessage = (kind: string) => kind === 'message';
  return {
    inbound_new: items.filter(({ kind, outcome }) => isMessage(kind) && STORED.includes(outcome)).length,
    status_updates: items.filter(({ kind, outcome }) => kind === 'status' && outcome !== 'duplicate').length,
    other_events: items.filter(({ kind }) => !isMessage(kind) && kind !== 'status').length,
  };
};

describe.each(manifest.files)('$file', ({ file, signature, http, expect: promised }) => {
  const body = payload(file);

  it('is signed as the manifest says, stored, answered and worked through to what it promises', async () => {
    expect(sign(body, SECRET)).toBe(signature);
    const answer = await post(app, body, signature);
    expect([http].flat()).toContain(answer);
    expect(answer).toBe(200);
    await drained(app);
    const { inbound_new, status_updates, other_events } = promised;
    expect(await counts()).toEqual({ inbound_new, status_updates, other_events });
    const [delivery] = await rows<{ body: Buffer; dead: number }>(
      app,
      `select body, (select count(*) from webhook_items where outcome in ('dead', 'pending')) as dead
       from webhook_deliveries`,
    );
    expect(delivery?.body.equals(body)).toBe(true);
    expect(delivery?.dead).toBe(0);
    if (promised.final_state) {
      const [head] = await rows<{ state: string }>(
        app,
        `select case when read_at is not null then 'read' when delivered_at is not null then 'delivered' end as state
         from message_statuses`,
      );
      expect(head?.state).toBe(promised.final_state);
    }
  });

  it('leaves no trace under any bad signature', async () => {
    const hex = signature.slice('sha256='.length);
    const bad = [
      null,
      '',
      `sha1=${hex.slice(0, 40)}`,
      `sha256=${hex.slice(1)}`,
      `sha256=${hex}0`,
      `sha256=${'g'.repeat(64)}`,
    ];
    bad.push(
      hex,
      sign(body, 'another secret'),
      sign(file.startsWith('140') ? payload('139-escaped-wire.json') : neighbour, SECRET),
    );
    for (const header of bad) expect(await post(app, body, header), String(header)).toBe(401);
    expect(await post(app, Buffer.concat([body, Buffer.from(' ')]), signature)).toBe(401);
    const [stored] = await rows<{ count: number }>(app, 'select count(*) from webhook_deliveries');
    expect(stored?.count).toBe(0);
  });
});
