import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BotTurnsRepository } from '../src/bot/bot-turns.repository.js';
import { BotService } from '../src/bot/bot.service.js';
import { BotWorker } from '../src/bot/bot.worker.js';
import { defaultBotRules } from '../src/bot/default-rules.js';
import { BotMessagesService } from '../src/outbound/queueing/bot-messages.service.js';
import { Sender } from '../src/outbound/sending/sender.js';
import type { ArrivedSend, FakeAnswer } from './support/fake-graph.js';
import { botThreads } from './support/bot-threads.js';
import { OutboundRig } from './support/outbound-rig.js';
import { startTestApp, type TestAgent, type TestApp } from './support/test-app.js';
import { waitFor } from './support/wait-for.js';
import { envelope, post } from './support/webhook-rig.js';

const FALLBACK = 'Thank you for your message. Our team will respond shortly.';

describe('the bot', () => {
  let rig: OutboundRig;
  let admin: TestAgent;
  let other: TestApp | null = null;
  let release: (() => void) | null = null;

  beforeAll(async () => {
    rig = await OutboundRig.start();
    admin = await rig.app.given.agent({ role: 'admin' });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { botEnabled: true });
    await rig.app.call(admin, 'PUT', `/channels/${rig.channel.id}/bot-rules`, { rules: defaultBotRules() });
  });
  beforeEach(() => {
    rig.graph.answer = () => 'ok';
  });
  afterEach(() => {
    vi.restoreAllMocks();
    release?.();
  });
  afterAll(async () => {
    await other?.close();
    await rig.close();
  });

  const hold = () => {
    const held = new Promise<void>((resolve) => (release = resolve));
    rig.graph.answer = async (): Promise<FakeAnswer> => {
      await held;
      return 'ok';
    };
  };
  const { thread, conversation, turns, settled, retryNow, botMessages, arrived, timeline } = botThreads(() => rig);

  const webhook = async (value: object) => {
    const { phoneNumberId } = rig.channel;
    expect(await post(rig.app, envelope(value, { phoneNumberId }))).toBe(200);
  };
  const seconds = () => String(Math.floor(Date.now() / 1_000));
  const overTheWebhook = async (text: string) => {
    const customer = `1206555${String(Math.floor(1_000 + Math.random() * 9_000))}`;
    await rig.sql(`update app_clock set shift = '0'`);
    await webhook({
      contacts: [{ profile: { name: 'Maren' }, wa_id: customer }],
      messages: [
        { from: customer, id: `wamid.${randomUUID()}`, timestamp: seconds(), type: 'text', text: { body: text } },
      ],
    });
    const find = () => rig.graph.sends.find((send) => send.body['to'] === `+${customer}`);
    const send = await waitFor(find, 'the answer at Meta');
    return { customer, conversationId: send.callback?.c ?? '', send };
  };
  const status = ({ wamid, callback }: ArrivedSend, customer: string, value: string) =>
    webhook({
      statuses: [
        {
          id: wamid,
          status: value,
          timestamp: seconds(),
          recipient_id: customer,
          biz_opaque_callback_data: JSON.stringify(callback),
        },
      ],
    });

  it('answers by rule, with buttons, and stays in charge', async () => {
    const id = await thread();
    await rig.customerWrites(id, 'Hello there!');
    expect(await settled(id)).toMatchObject([{ state: 'answered', reason: 'rule' }]);
    await arrived(id, 1);
    expect(rig.graph.of(id)[0]?.body).toMatchObject({
      type: 'interactive',
      interactive: { action: { buttons: [{ reply: { id: 'prices' } }, {}, {}] } },
    });
    await rig.customerWrites(id, 'Prices', 'prices');
    await settled(id, 2);
    expect((await arrived(id, 2))[1]).toContain('prices start at');
    expect(await conversation(id)).toMatchObject({ status: 'pending', handler: 'bot' });
  });

  it('says once that the team will respond when nothing matches, and hands over', async () => {
    const id = await thread();
    await rig.customerWrites(id, 'My parrot speaks Portuguese');
    expect(await settled(id)).toMatchObject([{ state: 'answered', reason: 'fallback' }]);
    expect(await arrived(id, 1)).toEqual([FALLBACK]);
    const handed = await conversation(id);
    expect(handed).toMatchObject({ status: 'open', handler: 'queue', assignee: null });
    expect(handed.waitingSince).not.toBeNull();
    expect(await timeline(id)).toEqual(['bot_handed_over']);
    await rig.customerWrites(id, 'Hello?');
    await rig.becomes(await rig.sent(id, 'A person here'), 'accepted');
    expect(await botMessages(id)).toHaveLength(1);
    // Were the thread the bot's again in the same case, it would not say so twice.
    await rig.sql(`update conversations set status = 'pending', assignee_id = null where id = $1`, [id]);
    await rig.customerWrites(id, 'What about my parrot?');
    await waitFor(async () => (await conversation(id)).status === 'open');
    expect(await botMessages(id)).toHaveLength(1);
  });

  it('answers and hands over where the rule says so', async () => {
    const id = await thread();
    await rig.customerWrites(id, 'I want to talk to a PERSON');
    await settled(id);
    expect(await arrived(id, 1)).toEqual(['Of course. One of us will be with you shortly.']);
    expect(await conversation(id)).toMatchObject({ status: 'open', assignee: null });
  });

  it('answers only the newest of several messages', async () => {
    const id = await thread();
    const worker = rig.app.app.get(BotWorker, { strict: false });
    vi.spyOn(worker, 'kick').mockImplementation(() => undefined);
    await rig.customerWrites(id, 'hello');
    await rig.customerWrites(id, 'what are your prices?');
    await waitFor(async () => (await turns(id)).length === 2);
    vi.restoreAllMocks();
    worker.kick();
    expect(await settled(id, 2)).toMatchObject([
      { state: 'skipped', reason: 'newer_message' },
      { state: 'answered', reason: 'rule' },
    ]);
    expect(await arrived(id, 1)).toHaveLength(1);
  });

  it('does not answer what is old, or with the bot turned off: a person gets it', async () => {
    const worker = rig.app.app.get(BotWorker, { strict: false });
    const kick = vi.spyOn(worker, 'kick').mockImplementation(() => undefined);
    const id = await thread();
    await rig.customerWrites(id, 'hello');
    await waitFor(async () => (await turns(id)).length === 1);
    await rig.advanceClock('61 minutes');
    kick.mockRestore();
    worker.kick();
    expect(await settled(id)).toMatchObject([{ state: 'skipped', reason: 'too_old' }]);
    expect(await conversation(id)).toMatchObject({ status: 'open', assignee: null });
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { botEnabled: false });
    const off = await thread();
    await rig.customerWrites(off, 'hello');
    expect(await settled(off)).toMatchObject([{ state: 'skipped', reason: 'bot_disabled' }]);
    await rig.app.call(admin, 'PATCH', `/channels/${rig.channel.id}`, { botEnabled: true });
    expect([...rig.graph.of(id), ...rig.graph.of(off)]).toEqual([]);
  });

  it('has nothing to say to a blank text: a person gets it', async () => {
    const id = await thread();
    await rig.customerWrites(id, ' \n ');
    expect(await settled(id)).toMatchObject([{ state: 'skipped', reason: 'nothing_said' }]);
    expect(await conversation(id)).toMatchObject({ status: 'open', assignee: null });
    expect(rig.graph.of(id)).toEqual([]);
  });

  it('stops talking to another machine after a while', async () => {
    const id = await thread();
    for (let said = 1; said <= 21; said += 1) {
      await rig.customerWrites(id, 'hello');
      await settled(id, said);
    }
    expect((await turns(id)).at(-1)).toMatchObject({ state: 'skipped', reason: 'too_many_answers' });
    expect(await botMessages(id)).toHaveLength(20);
    expect(await conversation(id)).toMatchObject({ status: 'open', assignee: null });
  });

  it('lets people go first when the number has to hold back', async () => {
    // A bucket that never holds more than one token, opened once both wait.
    await rig.sql(`update channels set sending_state = 'stopped', rate_limit = 1, pace_tokens = 1, slowed_at = null`);
    const [machine, person] = [await thread(), await rig.thread()];
    await rig.customerWrites(machine, 'hello');
    await settled(machine);
    await rig.sent(person, 'A person here');
    await rig.sql(`update channels set sending_state = 'ok'`);
    await rig.sweep();
    await arrived(machine, 1);
    const order = rig.graph.sends.map((send) => send.callback?.c).filter((id) => id === machine || id === person);
    expect(order).toEqual([person, machine]);
    await rig.sql('update channels set rate_limit = 80, pace_tokens = 72');
  });

  it('hears the customer through the webhook, and what becomes of its answer', async () => {
    const { customer, conversationId, send } = await overTheWebhook('Hello!');
    expect(send.body).toMatchObject({ to: `+${customer}`, type: 'interactive' });
    const [answer] = await botMessages(conversationId);
    await rig.becomes(answer?.id ?? '', 'accepted');
    await status(send, customer, 'delivered');
    await rig.becomes(answer?.id ?? '', 'delivered');
    expect(await conversation(conversationId)).toMatchObject({ handler: 'bot', contact: { phone: `+${customer}` } });
  });

  it('heals by the webhook what nobody could say', async () => {
    rig.graph.answer = () => 'reset';
    const { customer, conversationId, send } = await overTheWebhook('Hello!');
    const [answer] = await botMessages(conversationId);
    await rig.becomes(answer?.id ?? '', 'unknown');
    await status(send, customer, 'read');
    await rig.becomes(answer?.id ?? '', 'read');
    expect((await rig.message(answer?.id ?? '')).wamid).toBe(send.wamid);
  });

  it('keeps silent in threads that are not its own', async () => {
    const id = await rig.thread({ status: 'open' });
    const witness = await thread();
    await rig.customerWrites(id, 'hello');
    await rig.customerWrites(witness, 'hello');
    await settled(witness);
    expect(await turns(id)).toEqual([]);
  });

  describe('is silenced', () => {
    /** A thread whose bot answer is queued behind one that is still on its way. */
    const queuedAnswer = async () => {
      const id = await thread();
      hold();
      await rig.customerWrites(id, 'hello');
      await waitFor(() => rig.graph.of(id).length === 1);
      await rig.customerWrites(id, 'prices');
      await settled(id, 2);
      const [, queued] = await botMessages(id);
      if (queued?.status !== 'queued') throw new Error('the second answer is not queued');
      return { id, queued: queued.id };
    };

    it('by a claim, an answer already queued included', async () => {
      const { id, queued } = await queuedAnswer();
      await rig.app.call(rig.ana, 'POST', `/conversations/${id}/claim`);
      expect(await rig.message(queued)).toMatchObject({ status: 'failed', error: { code: 'superseded' } });
      release?.();
      await rig.becomes(await rig.sent(id, 'A person here'), 'accepted');
      expect(await arrived(id, 2)).toEqual([expect.stringContaining('welcome'), 'A person here']);
    });

    it("by an agent's reply", async () => {
      const { id, queued } = await queuedAnswer();
      const reply = await rig.sent(id, 'A person here');
      expect((await rig.message(queued)).status).toBe('failed');
      release?.();
      await rig.becomes(reply, 'accepted');
      expect(await arrived(id, 2)).toEqual([expect.stringContaining('welcome'), 'A person here']);
    });

    it("at the send's lease, should it be queued in spite of it", async () => {
      const { id, queued } = await queuedAnswer();
      await rig.sql(`update conversations set status = 'open', assignee_id = $2 where id = $1`, [id, rig.ana.id]);
      release?.();
      await rig.becomes(queued, 'failed');
      expect((await rig.message(queued)).error).toMatchObject({ code: 'superseded' });
      expect(rig.graph.of(id)).toHaveLength(1);
    });

    it('by a claim while its turn is being decided', async () => {
      const service = rig.app.app.get(BotService, { strict: false });
      const worker = rig.app.app.get(BotWorker, { strict: false });
      vi.spyOn(worker, 'kick').mockImplementation(() => undefined);
      // An answer that is on its way before the claim is none of the claim's: nothing leaves meanwhile.
      const sender = vi.spyOn(rig.app.app.get(Sender, { strict: false }), 'kick').mockImplementation(() => undefined);
      const id = await thread();
      await rig.customerWrites(id, 'hello');
      await waitFor(async () => (await turns(id)).length === 1);
      await Promise.all([
        rig.app.call(rig.ana, 'POST', `/conversations/${id}/claim`),
        service.takeTurns(id, rig.channel.id),
      ]);
      const [answer] = await botMessages(id);
      if (answer) expect(answer).toMatchObject({ status: 'failed', error: { code: 'superseded' } });
      expect(await turns(id)).toMatchObject([{ state: answer ? 'answered' : 'skipped' }]);
      sender.mockRestore();
      expect(rig.graph.of(id)).toEqual([]);
    });
  });

  describe('whatever dies when', () => {
    it('answers once although the turn breaks off at each step', async () => {
      const messages = rig.app.app.get(BotMessagesService, { strict: false });
      const repository = rig.app.app.get(BotTurnsRepository, { strict: false });
      const [send, end] = [messages.send.bind(messages), repository.end.bind(repository)];
      const died = new Error('killed');
      vi.spyOn(messages, 'send')
        .mockRejectedValueOnce(died)
        .mockImplementationOnce(async (...given) => {
          await send(...given);
          throw died;
        })
        .mockImplementation(send);
      let isBroken = false;
      vi.spyOn(repository, 'end').mockImplementation(async (tx, id, seqs, how) => {
        await end(tx, id, seqs, how);
        if (how.state !== 'answered' || isBroken) return;
        isBroken = true;
        throw died;
      });
      const id = await thread();
      await rig.customerWrites(id, 'hello');
      await waitFor(async () => {
        await retryNow(id);
        return (await turns(id))[0]?.state === 'answered';
      });
      expect(await turns(id)).toMatchObject([{ attempts: 3 }]);
      expect(await arrived(id, 1)).toHaveLength(1);
      expect(await botMessages(id)).toHaveLength(1);
    });

    it('gives what keeps failing to a person', async () => {
      vi.spyOn(rig.app.app.get(BotMessagesService, { strict: false }), 'send').mockRejectedValue(new Error('broken'));
      const id = await thread();
      await rig.customerWrites(id, 'hello');
      await waitFor(async () => {
        await retryNow(id);
        return (await turns(id))[0]?.state === 'skipped';
      });
      expect(await turns(id)).toMatchObject([{ reason: 'failed', attempts: 5 }]);
      expect(await conversation(id)).toMatchObject({ status: 'open', assignee: null });
    });

    it('makes one turn of an event that the log delivers twice', async () => {
      const worker = rig.app.app.get(BotWorker, { strict: false });
      const id = await thread();
      const messageId = await rig.customerWrites(id, 'hello');
      await settled(id);
      const event = {
        xid: '1',
        id: 1,
        type: 'message.created' as const,
        conversationId: id,
        messageId,
        agentId: null,
        teamBefore: null,
        teamAfter: null,
        assigneeBefore: null,
        assigneeAfter: null,
        data: null,
        createdAt: new Date(),
      };
      await rig.app.database.transaction((tx) => worker.note(tx, [event, event]));
      expect(await turns(id)).toHaveLength(1);
    });

    it('answers once with two instances at work', async () => {
      other = await startTestApp({ sharing: rig.app });
      const ids = await Promise.all(Array.from({ length: 20 }, thread));
      await Promise.all(ids.map((id) => rig.customerWrites(id, 'hello')));
      for (const app of [rig.app, other]) app.app.get(BotWorker, { strict: false }).kick();
      for (const id of ids) await settled(id);
      for (const id of ids) {
        expect(await arrived(id, 1)).toHaveLength(1);
        expect(await botMessages(id)).toHaveLength(1);
      }
    });
  });
});
