import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChannelsService } from '../src/channels/channels.service.js';
import { LeasesService } from '../src/outbound/sending/leases.service.js';
import { graphError, type FakeAnswer } from './support/fake-graph.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('numbers and their pace', () => {
  let rig: OutboundRig;
  let other: TestApp | null = null;
  let release: (() => void) | null = null;

  beforeAll(async () => {
    rig = await OutboundRig.start();
  });
  beforeEach(async () => {
    rig.graph.answer = () => 'ok';
    await rig.sql(`update channels set sending_state = 'ok', sending_code = null, slowed_at = null`);
  });
  afterEach(() => release?.());
  afterAll(async () => {
    await other?.close();
    await rig.close();
  });

  /** Answers the first `times` sends so, and all others with a yes. */
  const first = (answer: FakeAnswer, times: number) => {
    let left = times;
    rig.graph.answer = () => (left-- > 0 ? answer : 'ok');
  };
  const attempts = (messageId: string) =>
    rig.sql<{ attempt: number; outcome: string; code: number | null }>(
      'select attempt, outcome, code from send_attempts where message_id = $1 order by attempt',
      [messageId],
    );
  const channel = async () => {
    const [row] = await rig.sql<{ state: string; code: number | null; rate: number }>(
      `select sending_state as state, sending_code as code, pace_rate as rate from channels where id = $1`,
      [rig.channel.id],
    );
    return row;
  };

  const wakeUp = () => rig.sweep();

  it('stop for a dead token, keep what waits, and go on once a new token is there', async () => {
    rig.graph.answer = (send) => (send.token === 'test-token' ? graphError(190, 'expired') : 'ok');
    const ids = await Promise.all([rig.thread(), rig.thread()]);
    const messages = [await rig.sent(ids[0], 'one'), await rig.sent(ids[0], 'two'), await rig.sent(ids[1], 'three')];
    await waitFor(async () => (await channel())?.state === 'stopped');
    for (const message of messages) await rig.becomes(message, 'queued');
    const before = rig.graph.sends.length;
    await wakeUp();
    await rig.sent(await rig.thread(), 'waits too');
    expect(rig.graph.sends).toHaveLength(before);
    expect(await channel()).toMatchObject({ state: 'stopped', code: 190 });
    const admin = await rig.app.given.agent({ role: 'admin' });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { accessToken: 'new-token' });
    await wakeUp();
    for (const message of messages) await rig.becomes(message, 'accepted');
  });

  it('are not stopped by the refusal of a token that was replaced while the call was under way', async () => {
    const held = new Promise<void>((resolve) => (release = resolve));
    const admin = await rig.app.given.agent({ role: 'admin' });
    const renew = (accessToken: string) => rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { accessToken });
    await renew('old-token');
    rig.graph.answer = async (send): Promise<FakeAnswer> => {
      if (send.token !== 'old-token') return 'ok';
      await held;
      return graphError(190, 'expired');
    };
    const id = await rig.thread();
    const message = await rig.sent(id, 'in between');
    await waitFor(() => rig.graph.of(id).length === 1);
    await renew('newer-token');
    release?.();
    await rig.becomes(message, 'accepted');
    expect(await channel()).toMatchObject({ state: 'ok', code: null });
    expect(rig.graph.of(id).map((send) => send.token)).toEqual(['old-token', 'newer-token']);
  });

  it('use a new token at once on every instance', async () => {
    other ??= await startTestApp({ sharing: rig.app });
    await other.app.get(ChannelsService).refresh();
    const admin = await rig.app.given.agent({ role: 'admin' });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { accessToken: 'newest-token' });
    vi.spyOn(rig.app.app.get(LeasesService, { strict: false }), 'lease').mockResolvedValue({
      sends: [],
      hasMore: false,
      nextTokenMs: null,
    });
    const id = await rig.thread();
    await rig.becomes(await rig.sent(id, 'from over there', { app: other }), 'accepted');
    expect(rig.graph.of(id).map((send) => send.token)).toEqual(['newest-token']);
  });

  it('slow down for 130429, all instances at once, and lose nothing', async () => {
    first(graphError(130_429), 3);
    const ids = await Promise.all(Array.from({ length: 3 }, () => rig.thread()));
    const messages = await Promise.all(ids.map((id) => rig.sent(id, 'fast')));
    await waitFor(async () => ((await channel())?.rate ?? 72) < 72);
    for (const message of messages) await rig.becomesInTime(message, 'accepted', '2 seconds');
  });

  it('keep their pace', async () => {
    await rig.sql('update channels set pace_tokens = 0, pace_at = app_now(), pace_rate = 72 where id = $1', [
      rig.channel.id,
    ]);
    const startedMs = performance.now();
    const ids = await Promise.all(Array.from({ length: 40 }, () => rig.thread()));
    const messages = await Promise.all(ids.map((id) => rig.sent(id, 'one of many')));
    for (const message of messages) await rig.becomes(message, 'accepted');
    const arrived = ids.flatMap((id) => rig.graph.of(id));
    expect(arrived).toHaveLength(40);
    // The bucket was empty: 72 a second is the most that the whole time since allows.
    const seconds = (Math.max(...arrived.map((send) => send.atMs)) - startedMs) / 1_000;
    expect(arrived.length).toBeLessThanOrEqual(Math.ceil(seconds * 72) + 1);
  });

  it('back a pair off by 4^n seconds for 131056, while others go on', async () => {
    const id = await rig.thread();
    let refusals = 0;
    rig.graph.answer = (send) => (send.callback?.c === id && (refusals += 1) <= 3 ? graphError(131_056) : 'ok');
    const message = await rig.sent(id, 'too fast');
    const waits: number[] = [];
    for (let tries = 1; tries <= 3; tries += 1) {
      await waitFor(async () => (await attempts(message))[tries - 1]?.outcome === 'refused');
      const [row] = await rig.sql<{ seconds: number }>(
        `select round(extract(epoch from m.next_attempt_at - a.finished_at))::int as seconds
         from messages m join send_attempts a on a.message_id = m.id and a.attempt = $2 where m.id = $1`,
        [message, tries],
      );
      waits.push(row?.seconds ?? 0);
      await rig.advanceClock('17 seconds');
      await rig.sweep();
    }
    expect(waits).toEqual([1, 4, 16]);
    await rig.becomes(message, 'accepted');
  });

  it('hold a pair to Meta’s limit before Meta has to', async () => {
    const id = await rig.thread();
    await rig.sql(
      `insert into outbox (conversation_id, channel_id, pair_tat) values ($1, $2, app_now() + interval '270 seconds')`,
      [id, rig.channel.id],
    );
    const message = await rig.sent(id, 'the 46th');
    await rig.sweep();
    expect(rig.graph.of(id)).toHaveLength(0);
    await rig.advanceClock('10 seconds');
    await rig.sweep();
    await rig.becomes(message, 'accepted');
  });

  it('fail what has no address', async () => {
    const id = await rig.thread();
    await rig.sql(
      `update contact_identities set retired_at = now()
       where contact_id = (select contact_id from conversations where id = $1)`,
      [id],
    );
    const message = await rig.sent(id, 'to nobody');
    await rig.becomes(message, 'failed');
    expect((await rig.message(message)).error).toMatchObject({ code: 'no_address' });
  });
});
