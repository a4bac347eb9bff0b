import type { Conversation } from '@parley/contract';
import { BotWorker } from '../../src/bot/bot.worker.js';
import type { OutboundRig } from './outbound-rig.js';
import { waitFor } from './wait-for.js';

/** Threads of the bot: made, and looked at from all sides. The rig is asked for when it is needed: it starts late. */
export function botThreads(rig: () => OutboundRig) {
  const thread = () => rig().thread({ status: 'pending' });
  const conversation = async (id: string) =>
    (await rig().app.call<Conversation>(rig().ana, 'GET', `/conversations/${id}`)).body;
  const turns = (id: string) =>
    rig().sql<{ seq: number; state: string; reason: string | null; attempts: number }>(
      `select trigger_seq as seq, state, reason, attempts from bot_turns where conversation_id = $1 order by 1`,
      [id],
    );
  /** Until every turn of the thread has ended; there is at least one. */
  const settled = (id: string, count = 1) =>
    waitFor(async () => {
      const all = await turns(id);
      return all.length >= count && all.every((turn) => turn.state !== 'due') && all;
    }, 'the bot to settle');
  /** Instead of waiting for the pause after a failure. */
  const retryNow = async (id: string) => {
    await rig().sql(`update bot_turns set due_at = app_now() where conversation_id = $1 and state = 'due'`, [id]);
    rig().app.app.get(BotWorker, { strict: false }).kick();
  };
  const botMessages = (id: string) =>
    rig().sql<{ id: string; body: string; status: string; error: { code: string } | null }>(
      `select id, body, status, error from messages where conversation_id = $1 and sender_type = 'bot' order by seq`,
      [id],
    );
  const arrived = async (id: string, count: number) => {
    await waitFor(() => rig().graph.of(id).length >= count, `${count} messages at Meta`);
    return rig()
      .graph.of(id)
      .map((send) => send.text);
  };
  const timeline = async (id: string) =>
    (
      await rig().sql<{ kind: string }>('select kind from timeline_entries where conversation_id = $1 order by id', [
        id,
      ])
    ).map((line) => line.kind);

  return { thread, conversation, turns, settled, retryNow, botMessages, arrived, timeline };
}
