import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BacklogRepository } from '../src/health/backlog.repository.js';
import { Gauges } from '../src/health/gauges.js';
import { graphError } from './support/fake-graph.js';
import { OutboundRig } from './support/outbound-rig.js';
import { drained, envelope, OTHER_PHONE_NUMBER_ID, post, sign, text } from './support/webhook-rig.js';
import { waitFor } from './support/wait-for.js';

const OBSERVABILITY = path.join(import.meta.dirname, '../../deploy/observability');
const shipped = (file: string): string => readFileSync(path.join(OBSERVABILITY, file), 'utf8');

/** Series of a scrape: `name{labels}` → value. */
async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

describe('what Prometheus sees', () => {
  let rig: OutboundRig;
  beforeAll(async () => {
    rig = await OutboundRig.start();
  });
  afterAll(() => rig.close());

  /** A scrape whose gauges are as of now. */
  async function seen(): Promise<Map<string, number>> {
    Object.assign(rig.app.app.get(Gauges, { strict: false }), { askedAtMs: -Infinity });
    return scrape(rig.app.url);
  }

  it('counts what came through the door, what became of it and how late', async () => {
    const { phoneNumberId } = rig.channel;
    const good = envelope({ messages: [text('wamid.metrics-1', 'hello')] }, { phoneNumberId });
    expect(await post(rig.app, good)).toBe(200);
    expect(await post(rig.app, good, sign(good, 'another-secret'))).toBe(401);
    expect(await post(rig.app, Buffer.alloc(5 * 1024 * 1024), 'x')).toBe(413);
    expect(
      await post(
        rig.app,
        envelope({ messages: [text('wamid.metrics-2', 'x')] }, { phoneNumberId: OTHER_PHONE_NUMBER_ID }),
      ),
    ).toBe(200);
    await drained(rig.app);
    // Told once nothing older is under way in the whole server, which other tests share.
    const isTold = async () => ((await seen()).get('parley_event_to_emit_seconds_count') ?? 0) > 0;
    await waitFor(isTold, 'the events to be told');
    const series = await seen();
    expect(series.get('parley_deliveries_total{answer="200"}')).toBe(2);
    expect(series.get('parley_deliveries_total{answer="401"}')).toBe(1);
    expect(series.get('parley_deliveries_total{answer="413"}')).toBe(1);
    expect(series.get('parley_delivery_items_total{outcome="applied"}')).toBe(1);
    expect(series.get('parley_delivery_lag_seconds_count')).toBe(2);
    expect(series.get('parley_delivery_items_open{outcome="unrouted"}')).toBe(1);
    expect(series.get('parley_deliveries_waiting{state="new"}')).toBe(0);
    expect(series.get('parley_last_delivery_age_seconds')).toBeGreaterThanOrEqual(0);
    expect(series.get('parley_conversations{status="open",owned="false"}')).toBe(1);
    expect(series.get('parley_queue_conversations')).toBe(1);
    await rig.advanceClock('10 minutes');
    expect((await seen()).get('parley_waiting_oldest_seconds{where="queue"}')).toBeGreaterThan(590);
  });

  it('counts sends by outcome and code, and shows a number that was stopped with what waits behind it', async () => {
    const thread = await rig.thread();
    await rig.becomes(await rig.sent(thread, 'fine'), 'accepted');
    rig.graph.answer = () => graphError(190);
    await rig.sent(thread, 'refused');
    await waitFor(
      async () => (await seen()).get('parley_sends_total{outcome="refused",code="190"}') === 1,
      'the refusal',
    );
    const stopped = `parley_number_state{channel="${rig.channel.id}",name="Shop",state="stopped"}`;
    await waitFor(async () => (await seen()).get(stopped) === 1, 'the stop');
    // The message goes back to the queue a moment after its number was stopped.
    await waitFor(async () => (await seen()).get('parley_outbox_messages{state="queued"}') === 1, 'what waits');
    const series = await seen();
    expect(series.get('parley_sends_total{outcome="accepted",code=""}')).toBe(1);
    expect(series.get('parley_send_seconds_count')).toBe(2);
  });

  it('names routes by their template alone', async () => {
    const thread = await rig.thread();
    await rig.app.call(rig.ana, 'GET', `/conversations/${thread}`);
    await rig.app.call(null, 'GET', `/nothing/${thread}`);
    const names = [...(await seen()).keys()].filter((name) => name.startsWith('parley_http_request_seconds_count'));
    expect(names).toContain(
      'parley_http_request_seconds_count{method="GET",route="/api/conversations/:id",status="2xx"}',
    );
    expect(names).toContain('parley_http_request_seconds_count{method="any",route="unmatched",status="4xx"}');
    expect(names.join()).not.toContain(thread);
  });

  it('answers within its time while the database does not, and says so', async () => {
    vi.spyOn(rig.app.app.get(BacklogRepository, { strict: false }), 'items').mockReturnValue(
      new Promise(() => undefined),
    );
    const series = await seen();
    expect(series.get('parley_database_up')).toBe(0);
    expect([...series.keys()].some((name) => name.startsWith('parley_outbox_messages{'))).toBe(false);
    expect(series.get('parley_queue_conversations')).toBeNaN();
    expect(series.get('parley_redis_up')).toBe(1);
    expect(series.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('holds every metric that the dashboard and the alerts speak of, and every alert says what to do', async () => {
    const exposed = await (await fetch(`${rig.app.url}/metrics`)).text();
    const rules = shipped('parley-alerts.yml');
    const dashboard = JSON.parse(shipped('parley-dashboard.json')) as { panels: { targets?: { expr: string }[] }[] };
    const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)).join('\n');
    const named = new Set(`${rules}\n${queries}`.match(/\b(parley|process|nodejs)_[a-z0-9_]+/g));
    expect(named.size).toBeGreaterThan(25);
    const known = new Set(exposed.match(/(?<=^# TYPE )\S+/gm));
    const isKnown = (name: string): boolean => known.has(name) || known.has(name.replace(/_(bucket|count|sum)$/, ''));
    expect([...named].filter((name) => !isKnown(name))).toEqual([]);
    // What is exposed is also shown: a metric that nobody looks at is dead weight.
    const shown = [...known].filter((name) => name.startsWith('parley_') && !`${rules}${queries}`.includes(name));
    expect(shown).toEqual([]);
    const alerts = rules.split('- alert:').slice(1);
    for (const alert of alerts)
      expect(alert).toMatch(/expr: .+\n +for: .+\n +labels: .+\n +annotations:\n +summary: .+\n +action: .{20,}/);
  });
});
