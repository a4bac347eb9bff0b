import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageStatusesRepository } from '../src/conversations/statuses/message-statuses.repository.js';
import { GraphClient } from '../src/outbound/graph/graph.client.js';
import { LeasesService } from '../src/outbound/sending/leases.service.js';
import { OutboundWaker } from '../src/outbound/sending/outbound.waker.js';
import type { SendOutcome } from '../src/outbound/graph/send-outcome.js';
import { graphError, type ArrivedSend, type FakeAnswer } from './support/fake-graph.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';

describe('the sender', () => {
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
  const first = (answer: FakeAnswer, times = 1) => {
    let left = times;
    rig.graph.answer = () => (left-- > 0 ? answer : 'ok');
  };
  /** Holds every answer back until `release`. */
  const hold = () => {
    const held = new Promise<void>((resolve) => (release = resolve));
    rig.graph.answer = async (): Promise<FakeAnswer> => {
      await held;
      return 'ok';
    };
  };
  /** What the webhook does with a status that carries our callback data. */
  const statusArrives = async (send: ArrivedSend, step: 'sent' | 'delivered') => {
    const statuses = rig.app.app.get(MessageStatusesRepository, { strict: false });
    await rig.app.database.transaction(async (tx) => {
      const { c, m, a } = send.callback ?? { c: '', m: '', a: 0 };
      const heads = await statuses.upsert(tx, [
        {
          channelId: rig.channel.id,
          wamid: send.wamid,
          participant: '',
          times: { [step]: new Date() },
          errors: null,
          pricing: null,
          others: null,
          callback: { conversationId: c, messageId: m, attempt: a },
        },
      ]);
      await statuses.applyToMessages(tx, heads);
    });
  };
  const attempts = (messageId: string) =>
    rig.sql<{ attempt: number; outcome: string; code: number | null }>(
      'select attempt, outcome, code from send_attempts where message_id = $1 order by attempt',
      [messageId],
    );

  describe('outcomes', () => {
    it('leaves `queued → sending → accepted` in the log', async () => {
      const id = await rig.thread();
      const message = await rig.sent(id, 'hello');
      await rig.becomes(message, 'accepted');
      const events = await rig.sql<{ type: string }>(
        `select type from events where message_id = $1 and type like 'message.%' order by xid, id`,
        [message],
      );
      expect(events.map((event) => event.type)).toEqual(['message.created', 'message.updated', 'message.updated']);
      expect(await attempts(message)).toEqual([{ attempt: 1, outcome: 'accepted', code: null }]);
    });

    it.each([
      ['a reset after the request', 'reset' as const],
      ['a gateway without a Graph body', { status: 502, text: '<html>' }],
      ['a yes without an id', { status: 200, json: {} }],
    ])('is unknown after %s and never goes out twice', async (_name, answer) => {
      rig.graph.answer = () => answer;
      const id = await rig.thread();
      const message = await rig.sent(id, 'who knows');
      await rig.becomes(message, 'unknown');
      rig.graph.answer = () => 'ok';
      await rig.advanceClock('1 hour');
      await rig.sweep();
      const next = await rig.sent(id, 'the next one goes on');
      await rig.becomes(next, 'accepted');
      expect(rig.graph.of(id).map((send) => send.text)).toEqual(['who knows', 'the next one goes on']);
      expect((await rig.message(message)).status).toBe('unknown');
    });

    it('heals an unknown message by a status that carries our callback data', async () => {
      first('reset');
      const id = await rig.thread();
      const message = await rig.sent(id, 'taken after all');
      await rig.becomes(message, 'unknown');
      const [send] = rig.graph.of(id);
      if (!send) throw new Error('nothing arrived');
      await statusArrives(send, 'delivered');
      expect(await rig.message(message)).toMatchObject({ status: 'delivered', wamid: send.wamid });
    });

    it('keeps what a status said before the answer came', async () => {
      const id = await rig.thread();
      rig.graph.answer = async (send): Promise<FakeAnswer> => {
        await statusArrives(send, 'delivered');
        return 'ok';
      };
      const message = await rig.sent(id, 'overtaken');
      await waitFor(async () => (await attempts(message))[0]?.outcome === 'accepted');
      expect((await rig.message(message)).status).toBe('delivered');
    });

    it('fails at once with a reason for what cannot be mended', async () => {
      first(graphError(131_026, 'not on WhatsApp'));
      const message = await rig.sent(await rig.thread(), 'hello');
      await rig.becomes(message, 'failed');
      expect((await rig.message(message)).error).toEqual({
        code: 131_026,
        title: 'The customer cannot be reached on WhatsApp',
        detail: 'not on WhatsApp',
        retryable: false,
      });
    });

    it('closes the window that Meta says is closed', async () => {
      first(graphError(131_047));
      const id = await rig.thread();
      await rig.becomes(await rig.sent(id, 'hello'), 'failed');
      expect((await rig.send(id, 'again')).body).toMatchObject({ code: 'window.closed' });
    });

    it('leaves the window open that the customer opened while the refusal was under way', async () => {
      const held = new Promise<void>((resolve) => (release = resolve));
      rig.graph.answer = async (): Promise<FakeAnswer> => {
        await held;
        return graphError(131_047);
      };
      const id = await rig.thread();
      const message = await rig.sent(id, 'a moment too early');
      await waitFor(() => rig.graph.of(id).length === 1);
      await rig.customerWrites(id, 'Are you there?');
      release?.();
      await rig.becomes(message, 'failed');
      rig.graph.answer = () => 'ok';
      await rig.becomes(await rig.sent(id, 'here I am'), 'accepted');
    });

    it('repeats what Meta calls passing, with pauses, and gives up in the end', async () => {
      first(graphError(131_016), 2);
      const message = await rig.sent(await rig.thread(), 'try, try, try');
      await rig.becomesInTime(message, 'accepted');
      expect((await attempts(message)).map((attempt) => attempt.outcome)).toEqual(['refused', 'refused', 'accepted']);
      rig.graph.answer = () => graphError(131_016);
      const hopeless = await rig.sent(await rig.thread(), 'never');
      await rig.becomesInTime(hopeless, 'failed');
      expect(await rig.message(hopeless)).toMatchObject({ attempts: 8, error: { code: 131_016, retryable: true } });
    });

    it('waits for a status before it repeats what Meta may have taken', async () => {
      first(graphError(131_000), 2);
      const id = await rig.thread();
      const taken = await rig.sent(id, 'taken in spite of it');
      await waitFor(async () => (await attempts(taken))[0]?.outcome === 'refused');
      const tail = await rig.sent(id, 'behind it');
      const other = await rig.thread();
      const notTaken = await rig.sent(other, 'not taken');
      await waitFor(async () => (await attempts(notTaken))[0]?.outcome === 'refused');
      await rig.advanceClock('100 seconds');
      await rig.sweep();
      expect((await rig.message(tail)).status).toBe('queued');
      const [send] = rig.graph.of(id);
      if (!send) throw new Error('nothing arrived');
      await statusArrives(send, 'sent');
      await rig.becomes(tail, 'accepted');
      await rig.becomesInTime(notTaken, 'accepted');
      expect(rig.graph.of(id).map((arrived) => arrived.text)).toEqual(['taken in spite of it', 'behind it']);
      expect(rig.graph.of(other)).toHaveLength(2);
    });

    it('waits out a network that is away', async () => {
      const port = await rig.graph.shut();
      const message = await rig.sent(await rig.thread(), 'into the void');
      await waitFor(async () => (await attempts(message))[0]?.outcome === 'not_connected');
      expect((await rig.message(message)).status).toBe('queued');
      await rig.graph.reopen(port);
      await rig.becomesInTime(message, 'accepted');
    });
  });

  describe('order', () => {
    it('keeps a conversation first in, first out, though its head fails and returns', async () => {
      const id = await rig.thread();
      let tries = 0;
      rig.graph.answer = (send) => (send.text === '2' && (tries += 1) < 3 ? graphError(131_016) : 'ok');
      const messages: string[] = [];
      for (const text of ['1', '2', '3', '4']) messages.push(await rig.sent(id, text));
      await rig.becomesInTime(messages[3] ?? '', 'accepted', '5 seconds');
      expect(rig.graph.of(id).map((send) => send.text)).toEqual(['1', '2', '2', '2', '3', '4']);
    });

    it('lets one slow conversation hold nobody else up', async () => {
      const slow = await rig.thread();
      const held = new Promise<void>((resolve) => (release = resolve));
      rig.graph.answer = async (send): Promise<FakeAnswer> => {
        if (send.callback?.c === slow) await held;
        return 'ok';
      };
      const waiting = await rig.sent(slow, 'slow');
      const tail = await rig.sent(slow, 'tail');
      await rig.becomes(await rig.sent(await rig.thread(), 'quick'), 'accepted');
      expect((await rig.message(waiting)).status).toBe('sending');
      expect((await rig.message(tail)).status).toBe('queued');
      release?.();
      await rig.becomes(tail, 'accepted');
    });
  });

  describe('leases', () => {
    it('makes a message unknown whose sender died between lease and answer, and goes on with the next', async () => {
      const id = await rig.thread();
      hold();
      const lost = await rig.sent(id, 'lost');
      await rig.becomes(lost, 'sending');
      const next = await rig.sent(id, 'next');
      await rig.advanceClock('61 seconds');
      rig.graph.answer = () => 'ok';
      await rig.sweep();
      expect((await rig.message(lost)).status).toBe('unknown');
      await rig.becomes(next, 'accepted');
      // The answer comes after all, and it is of the same attempt.
      release?.();
      await rig.becomes(lost, 'accepted');
      expect(rig.graph.of(id)).toHaveLength(2);
    });

    it('goes on behind a message that a status calls sent, though whoever sent it never tells', async () => {
      hold();
      const id = await rig.thread();
      const [one, two] = [await rig.sent(id, 'one'), await rig.sent(id, 'two')];
      await waitFor(() => rig.graph.of(id).length === 1);
      await statusArrives(rig.graph.of(id)[0]!, 'sent');
      await rig.sweep();
      await waitFor(() => rig.graph.of(id).length === 2);
      release?.();
      await rig.becomes(two, 'accepted');
      expect((await rig.message(one)).status).toBe('sent');
      expect(rig.graph.of(id).map((send) => send.text)).toEqual(['one', 'two']);
    });

    it('asks no second time for what was leased but never called', async () => {
      const id = await rig.thread();
      const died = new Promise<SendOutcome>((resolve) => {
        release = () => resolve({ kind: 'not_connected', detail: 'the process stood still' });
      });
      vi.spyOn(rig.app.app.get(GraphClient, { strict: false }), 'send').mockReturnValueOnce(died);
      const lost = await rig.sent(id, 'leased');
      await rig.becomes(lost, 'sending');
      await rig.advanceClock('61 seconds');
      await rig.sweep();
      expect((await rig.message(lost)).status).toBe('unknown');
      await rig.becomes(await rig.sent(id, 'next'), 'accepted');
      // It wakes up and says that nothing left: certain now, and for a person to send again.
      release?.();
      await rig.becomes(lost, 'failed');
      expect((await rig.message(lost)).error).toMatchObject({ code: 'not_connected', retryable: true });
      expect(rig.graph.of(id).map((send) => send.text)).toEqual(['next']);
    });

    it('takes a late refusal as certain, but sends nothing again by itself', async () => {
      const id = await rig.thread();
      const held = new Promise<void>((resolve) => (release = resolve));
      rig.graph.answer = async (): Promise<FakeAnswer> => {
        await held;
        return graphError(131_016);
      };
      const late = await rig.sent(id, 'late');
      await rig.becomes(late, 'sending');
      await rig.advanceClock('61 seconds');
      await rig.sweep();
      expect((await rig.message(late)).status).toBe('unknown');
      release?.();
      await rig.becomes(late, 'failed');
      expect((await rig.message(late)).error).toMatchObject({ code: 131_016, retryable: true });
    });

    it('writes no byte with too little of the lease left: back into the queue', async () => {
      const client = rig.app.app.get(GraphClient, { strict: false });
      const message = {
        conversationId: 'c',
        messageId: 'm',
        attempt: 1,
        recipient: { phone: '12065550142' },
        type: 'text',
        body: 'never',
        previewUrl: null,
        buttons: [],
        quotedWamid: null,
        content: {},
        fileId: null,
        targetWamid: null,
      };
      const before = rig.graph.sends.length;
      const [row] = await rig.sql<{ sealed: string }>(
        'select access_token_sealed as sealed from channels where id = $1',
        [rig.channel.id],
      );
      const { id: channelId, phoneNumberId } = rig.channel;
      const number = { channelId, phoneNumberId, tokenSealed: row?.sealed ?? null };
      expect(await client.send(number, message, () => false)).toMatchObject({ kind: 'not_started' });
      expect(rig.graph.sends).toHaveLength(before);
    });

    it('lets two instances share the work, each message once and in order', async () => {
      other = await startTestApp({ sharing: rig.app });
      const threads = await Promise.all(Array.from({ length: 12 }, () => rig.thread()));
      const last: string[] = [];
      for (const text of ['1', '2', '3']) {
        const apps = [rig.app, other];
        const sent = await Promise.all(threads.map((id, index) => rig.sent(id, text, { app: apps[index % 2] })));
        last.splice(0, last.length, ...sent);
        for (const app of apps) wake(app);
      }
      for (const message of last) await rig.becomes(message, 'accepted');
      for (const id of threads) expect(rig.graph.of(id).map((send) => send.text)).toEqual(['1', '2', '3']);
    });

    it('never leases a conversation to two at once', async () => {
      hold();
      const id = await rig.thread();
      const message = await rig.sent(id, 'mine');
      await rig.becomes(message, 'sending');
      const leases = rig.app.app.get(LeasesService, { strict: false });
      const rounds = await Promise.all(Array.from({ length: 8 }, () => leases.lease(rig.channel.id, 64)));
      expect(rounds.flatMap((round) => round.sends)).toEqual([]);
      release?.();
      await rig.becomes(message, 'accepted');
    });
  });

  const wake = (app: TestApp) => app.app.get(OutboundWaker, { strict: false }).wake(rig.channel.id);
});
