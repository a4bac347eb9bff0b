import { Injectable } from '@nestjs/common';
import type { BotAnswer } from '@parley/contract';
import { ChannelsService, type ChannelRoute } from '../channels/channels.service.js';
import { BOT, type ConversationRow } from '../conversations/conversation.row.js';
import { ConversationsRepository, type LockedConversation } from '../conversations/conversations.repository.js';
import { Database, type Tx } from '../database/database.js';
import { BotMessagesService } from '../outbound/queueing/bot-messages.service.js';
import { BotRulesRepository } from './bot-rules.repository.js';
import { BotTurnsRepository, type Trigger, type TurnEnd } from './bot-turns.repository.js';
import { findRule } from './rule-matcher.js';

/** Nobody wants an answer to what they asked an hour ago from a machine: a person looks at it. */
const TOO_OLD_MS = 3_600_000;
const MAX_ATTEMPTS = 5;
/** More within ten minutes is no customer but another machine, or one who gets nowhere. */
const MAX_ANSWERS = 20;

/**
 * Takes the bot's turns. The decision, the answer in the thread and the end of the turn are one transaction under the
 * conversation's lock, so whatever dies when, a message is answered once or not yet.
 */
@Injectable()
export class BotService {
  constructor(
    private readonly database: Database,
    private readonly channels: ChannelsService,
    private readonly conversations: ConversationsRepository,
    private readonly messages: BotMessagesService,
    private readonly rules: BotRulesRepository,
    private readonly turns: BotTurnsRepository,
  ) {}

  /** Takes the turns of one conversation: only the customer's newest message is answered. */
  async takeTurns(conversationId: string, channelId: string): Promise<void> {
    const channel = await this.channels.byId(channelId);
    await this.database.transaction(async (tx) => {
      const locked = await this.conversations.lock(tx, conversationId);
      const due = await this.turns.lockDue(tx, conversationId);
      const newest = due.at(-1);
      if (!locked || !newest) return;
      const seqs = due.map((turn) => turn.triggerSeq);
      await this.turns.end(tx, conversationId, seqs.slice(0, -1), { state: 'skipped', reason: 'newer_message' });
      const end = await this.decide(tx, locked, channel, conversationId, newest.triggerSeq, newest.attempts);
      await this.turns.end(tx, conversationId, [newest.triggerSeq], end);
    });
  }

  /** Notes that a turn failed; it is tried again, and after a few times a person gets it. */
  async noteFailure(conversationId: string): Promise<void> {
    await this.turns.postpone(this.database.pool, conversationId);
  }

  private async decide(
    tx: Tx,
    locked: LockedConversation,
    channel: ChannelRoute,
    conversationId: string,
    seq: number,
    attempts: number,
  ): Promise<TurnEnd> {
    const { row, now } = locked;
    if (row.id !== conversationId) return { state: 'skipped', reason: 'merged' };
    if (row.status !== 'pending') return { state: 'skipped', reason: 'not_pending' };
    if (await this.turns.hasLaterMessage(tx, row.id, seq)) return { state: 'skipped', reason: 'newer_message' };
    const trigger = await this.turns.trigger(tx, row.id, seq);
    const giveUp = (reason: string) => this.handOver(tx, row, now).then((): TurnEnd => ({ state: 'skipped', reason }));
    if (!trigger) return giveUp('message_gone');
    if (attempts >= MAX_ATTEMPTS) return giveUp('failed');
    if (!channel.botEnabled) return giveUp('bot_disabled');
    if (now.getTime() - trigger.eventAt.getTime() > TOO_OLD_MS) return giveUp('too_old');
    if (saysNothing(trigger)) return giveUp('nothing_said');
    if ((await this.turns.recentAnswers(tx, row.id)) >= MAX_ANSWERS) return giveUp('too_many_answers');
    return this.answer(tx, locked, channel, trigger, giveUp);
  }

  private async answer(
    tx: Tx,
    locked: LockedConversation,
    channel: ChannelRoute,
    { body, content }: Trigger,
    giveUp: (reason: string) => Promise<TurnEnd>,
  ): Promise<TurnEnd> {
    const { row } = locked;
    const rules = await this.rules.ofChannel(tx, row.channelId);
    const rule = findRule(rules, { text: body, buttonId: content.interactive?.id })?.rule ?? null;
    if (!rule && (await this.turns.hasFallenBack(tx, row.id, row.caseId))) return giveUp('no_match');
    const answer = rule?.answer ?? fallback(channel);
    const handsOver = rule?.handOver ?? true;
    const guard = { version: row.version, lastInboundSeq: row.lastInboundSeq, handsOver };
    const sent = await this.messages.send(tx, locked, answer, guard);
    if (!sent) return giveUp('window_closed');
    if (handsOver) await this.handOver(tx, sent.conversation, locked.now);
    return {
      state: 'answered',
      reason: rule ? 'rule' : 'fallback',
      ruleId: rule?.id ?? null,
      messageId: sent.messageId,
    };
  }

  /** Into the queue, unowned; the customer has waited since they wrote. */
  private async handOver(tx: Tx, row: ConversationRow, now: Date): Promise<void> {
    await this.conversations.change(
      tx,
      row,
      { status: 'open', waitingSince: row.waitingSince ?? now },
      [{ kind: 'bot_handed_over', actor: BOT }],
      now,
    );
  }
}

/** A blank text, or a chat that was only opened (Meta: request_welcome): there is nothing to answer. */
const saysNothing = ({ type, rawType, body }: Trigger): boolean =>
  (type === 'text' && body.trim() === '') || rawType === 'request_welcome';

const fallback = (channel: ChannelRoute): BotAnswer => ({ text: channel.botFallbackText, buttons: [] });
