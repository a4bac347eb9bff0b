import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChannelsService } from '../src/channels/channels.service.js';
import { OutboundRig } from './support/outbound-rig.js';
import { waitFor } from './support/wait-for.js';
import { envelope, post } from './support/webhook-rig.js';

interface ChannelRow {
  state: string;
  code: number | null;
  reason: string | null;
  rate: number;
  slowedAt: Date | null;
}

describe('a failed status', () => {
  let rig: OutboundRig;

  beforeAll(async () => {
    rig = await OutboundRig.start();
  });
  beforeEach(async () => {
    rig.graph.answer = () => 'ok';
    await rig.sql(
      `update channels set sending_state = 'ok', sending_code = null, sending_resumed_at = null, slowed_at = null,
         pace_rate = 72, pace_tokens = 72, pace_at = app_now()`,
    );
    await rig.app.app.get(ChannelsService).refresh();
  });
  afterAll(() => rig.close());

  const channel = async (): Promise<ChannelRow> => {
    const [row] = await rig.sql<ChannelRow>(
      `select sending_state as state, sending_code as code, sending_reason as reason, pace_rate as rate,
              slowed_at as "slowedAt"
       from channels where id = $1`,
      [rig.channel.id],
    );
    if (!row) throw new Error('the number is gone');
    return row;
  };

  /** A message that Meta took. */
  async function accepted(threadId?: string): Promise<{ threadId: string; id: string; wamid: string }> {
    const thread = threadId ?? (await rig.thread({ inbound: ['Hello?'] }));
    const id = await rig.sent(thread, 'Taken at first');
    await rig.becomes(id, 'accepted');
    return { threadId: thread, id, wamid: (await rig.message(id)).wamid ?? '' };
  }

  const now = (): number => Math.floor(Date.now() / 1_000);

  /** Meta posts that these messages failed, all in one body. */
  async function fails(wamids: readonly string[], code: number, second = now()): Promise<void> {
    const statuses = wamids.map((id) => ({
      id,
      status: 'failed',
      timestamp: String(second),
      recipient_id: '12065550142',
      errors: [{ code, title: 'Title', error_data: { details: 'Said later' } }],
    }));
    const body = envelope({ statuses }, { phoneNumberId: rig.channel.phoneNumberId });
    expect(await post(rig.app, body)).toBe(200);
  }

  /** Everything that Meta posted so far has had its effect on messages; what it says of numbers is done a moment later. */
  const worked = () =>
    waitFor(async () => {
      const [row] = await rig.sql<{ left: number }>(
        `select count(*) as left from webhook_deliveries where state not in ('done', 'dead')`,
      );
      return row?.left === 0;
    });

  it.each([
    [190, 'The access token of this number has expired: Said later'],
    [131_031, 'WhatsApp has locked this business account: Said later'],
    [368, 'WhatsApp has blocked this business account for a time: Said later'],
  ])('with %i stops its number as the answer to a send would, and keeps what waits', async (code, reason) => {
    const { id, wamid } = await accepted();
    await fails([wamid], code);
    await rig.becomes(id, 'failed');
    await waitFor(async () => (await channel()).state === 'stopped');
    const stopped = await channel();
    expect(stopped.code).toBe(code);
    expect(stopped.reason).toBe(reason);
    const waiting = await rig.sent(await rig.thread(), 'Waits');
    await rig.sweep();
    expect((await rig.message(waiting)).status).toBe('queued');
    await rig.sql(`update channels set sending_state = 'ok'`);
    await rig.sweep();
    await rig.becomes(waiting, 'accepted');
  });

  it('stops its number once: repeated after the number sends again, it says nothing new', async () => {
    const { id, wamid } = await accepted();
    await fails([wamid], 131_031);
    await rig.becomes(id, 'failed');
    await waitFor(async () => (await channel()).state === 'stopped');
    await rig.sql(`update channels set sending_state = 'ok', sending_code = null`);
    await fails([wamid], 131_031);
    const { id: other, wamid: otherWamid } = await accepted();
    await fails([otherWamid], 131_026);
    await rig.becomes(other, 'failed');
    await worked();
    expect((await channel()).state).toBe('ok');
  });

  it('from before the number was resumed stops nothing, one from after it does', async () => {
    const [before, after] = [await accepted(), await accepted()];
    const admin = await rig.app.given.agent({ role: 'admin' });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { resumeSending: true });
    await fails([before.wamid], 190, now() - 60);
    await rig.becomes(before.id, 'failed');
    await fails([after.wamid], 190, now() + 5);
    await rig.becomes(after.id, 'failed');
    await waitFor(async () => (await channel()).state === 'stopped');
    expect((await channel()).reason).toContain('Said later');
    const stops = await rig.sql(`select from channels where sending_since < app_now() - interval '1 minute'`);
    expect(stops).toEqual([]);
  });

  it('with 130429 halves the pace of its number, once for all of a body', async () => {
    const sent = [await accepted(), await accepted(), await accepted()];
    await rig.sql('update channels set slowed_at = null, pace_rate = 72');
    await fails(
      sent.map(({ wamid }) => wamid),
      130_429,
    );
    for (const { id } of sent) await rig.becomes(id, 'failed');
    await waitFor(async () => (await channel()).slowedAt !== null);
    const { state, rate } = await channel();
    expect(state).toBe('ok');
    expect(rate).toBeCloseTo(36);
  });

  it('with 130429 of an hour ago leaves the pace alone', async () => {
    const [old, stopping] = [await accepted(), await accepted()];
    await fails([old.wamid], 130_429, now() - 3_600);
    await rig.becomes(old.id, 'failed');
    // Heeded after it, in the order of their commits.
    await fails([stopping.wamid], 131_031);
    await waitFor(async () => (await channel()).state === 'stopped');
    expect(await channel()).toMatchObject({ slowedAt: null, rate: 72 });
  });

  it('with 131056 has the next message to this customer wait six seconds, and to nobody else', async () => {
    const { threadId, id, wamid } = await accepted();
    await fails([wamid], 131_056);
    await rig.becomes(id, 'failed');
    const next = await rig.sent(threadId, 'Next');
    const elsewhere = await rig.sent(await rig.thread(), 'Elsewhere');
    await rig.becomes(elsewhere, 'accepted');
    await rig.sweep();
    const [row] = await rig.sql<{ waits: boolean }>(
      `select due_at > app_now() + interval '1 second' and due_at <= app_now() + interval '7 seconds' as waits
       from outbox where conversation_id = $1`,
      [threadId],
    );
    expect(row?.waits).toBe(true);
    expect((await rig.message(next)).status).toBe('queued');
    expect((await channel()).state).toBe('ok');
    await rig.becomesInTime(next, 'accepted', '7 seconds');
  });

  it('with any other code leaves the number as it is', async () => {
    const [other, last] = [await accepted(), await accepted()];
    await fails([other.wamid], 131_026);
    await fails([last.wamid], 131_049);
    await rig.becomes(other.id, 'failed');
    await rig.becomes(last.id, 'failed');
    await worked();
    expect(await channel()).toMatchObject({ state: 'ok', code: null, slowedAt: null });
  });
});
