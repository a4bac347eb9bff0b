import { Injectable } from '@nestjs/common';
import { metaError, metaMessageError } from '../../channels/meta-errors.js';
import { ConversationsRepository, placeOf } from '../../conversations/conversations.repository.js';
import { MarketingStops } from '../../conversations/inbound/marketing-stops.js';
import { CUSTOMER_SERVICE_WINDOW_MS, type ConversationRow } from '../../conversations/conversation.row.js';
import { MessageStatusesRepository } from '../../conversations/statuses/message-statuses.repository.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { Metrics } from '../../metrics/metrics.js';
import type { SendOutcome } from '../graph/send-outcome.js';
import { MarketingRefusals } from './marketing-refusals.js';
import {
  ResultsRepository,
  type AttemptEnd,
  type CurrentMessage,
  type MessageChange,
  type MessageRef,
} from './results.repository.js';
import { judge, NO_PAST_TRIES, type PastTries } from './retry-policy.js';
import type { SendResultItem } from './send-result.js';

/** Turns outcomes into the state of messages, set by set, in one transaction. */
@Injectable()
export class ResultsWriter {
  constructor(
    private readonly database: Database,
    private readonly repository: ResultsRepository,
    private readonly statuses: MessageStatusesRepository,
    private readonly conversations: ConversationsRepository,
    private readonly marketing: MarketingRefusals,
    private readonly stops: MarketingStops,
    private readonly log: LogRepository,
    private readonly metrics: Metrics,
  ) {}

  /** Returns the numbers that have something to send again. */
  async write(results: readonly SendResultItem[]): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      // The heads before anything else: a status may be under way in another transaction, and one of the two must
      // see what the other wrote.
      const heads = await this.statuses.upsert(tx, acceptances(results, await this.database.now(tx)));
      const stopped = await this.marketing.keep(tx, results, heads);
      const ids = new Set([...results.map((item) => item.conversationId), ...stopped.threadIds]);
      const rows = await this.repository.lock(tx, [...ids]);
      const batch = results.map((item) => ({
        ...item,
        conversationId: rows.get(item.conversationId)?.id ?? item.conversationId,
      }));
      for (const row of [...rows.values()]) rows.set(row.id, row);
      const now = await this.database.now(tx);
      const current = await this.repository.current(tx, batch);
      const judged = batch.map((item) => changeOf(item, current.get(item.messageId), now));
      const changes = judged.flatMap(({ change }) => (change ? [change] : []));

      await this.statuses.applyToMessages(tx, heads);
      await this.repository.change(tx, changes, now);
      await this.repository.endAttempts(tx, batch.map(endOf), now);
      await this.stops.tell(tx, stopped, rows.values(), now);
      for (const { closesWindow, change } of judged) {
        if (!closesWindow || !change) continue;
        const startedAt = current.get(change.messageId)?.startedAt ?? now;
        await this.closeWindow(tx, rows.get(change.conversationId), startedAt, now);
      }
      const failed = changes.filter(({ status }) => status === 'failed');
      const targets = await this.statuses.touchReactionTargets(tx, failed);
      await this.logChanges(tx, [...changes, ...targets], rows);
      const unknown = changes.filter(({ status }) => status === 'unknown').length;
      this.database.afterCommit(tx, () => this.metrics.messagesUnknown(unknown));
      return this.repository.free(tx, batch);
    });
  }

  /** Meta overrules our own reckoning of the window, unless the customer opened it anew while the call was under way. */
  private async closeWindow(tx: Tx, row: ConversationRow | undefined, startedAt: Date, now: Date): Promise<void> {
    if (!row?.windowExpiresAt || row.windowExpiresAt <= now) return;
    // Meta's timestamps are whole seconds.
    const wroteAtMs = row.windowExpiresAt.getTime() - CUSTOMER_SERVICE_WINDOW_MS;
    if (wroteAtMs >= Math.floor(startedAt.getTime() / 1_000) * 1_000) return;
    await this.conversations.change(tx, row, { windowExpiresAt: now }, [], now);
  }

  private async logChanges(
    tx: Tx,
    refs: readonly MessageRef[],
    rows: ReadonlyMap<string, ConversationRow>,
  ): Promise<void> {
    await this.log.append(
      tx,
      refs.flatMap(({ conversationId, messageId }) => {
        const row = rows.get(conversationId);
        return row ? [{ ...placeOf(row), type: 'message.updated' as const, conversationId, messageId }] : [];
      }),
    );
  }
}

/** What Meta's yes adds to what is known of the wamid. */
function acceptances(batch: readonly SendResultItem[], now: Date) {
  return batch.flatMap(({ channelId, conversationId, messageId, attempt, outcome }) =>
    outcome.kind === 'accepted'
      ? [
          {
            channelId,
            wamid: outcome.wamid,
            participant: '',
            times: { accepted: now },
            errors: null,
            pricing: null,
            others: null,
            callback: { conversationId, messageId, attempt },
          },
        ]
      : [],
  );
}

/** What the message becomes, if this outcome still says anything new about it. */
function changeOf(
  item: SendResultItem,
  current: CurrentMessage | undefined,
  now: Date,
): { change: MessageChange | null; closesWindow: boolean } {
  const { conversationId, messageId, attempt, outcome, sender } = item;
  const nothing = { change: null, closesWindow: false };
  if (!current || current.attempts !== attempt || outcome.kind === 'accepted') return nothing;
  const verdict = judge(outcome, pastOf(current), sender);
  const ref = { conversationId, messageId };
  const isLate = current.status === 'unknown';
  if (current.status !== 'sending' && !isLate) return nothing;
  switch (verdict.state) {
    case 'unknown':
      return isLate
        ? nothing
        : { change: { ...ref, status: 'unknown', error: null, nextAttemptAt: null }, closesWindow: false };
    case 'failed':
      return {
        change: { ...ref, status: 'failed', error: verdict.error, nextAttemptAt: null },
        closesWindow: verdict.closesWindow,
      };
    case 'queued': {
      // After the lease ran out a refusal is certainty, but nothing may be sent again without a person.
      if (isLate)
        return {
          change: { ...ref, status: 'failed', error: errorOf(outcome), nextAttemptAt: null },
          closesWindow: false,
        };
      const nextAttemptAt = new Date(now.getTime() + verdict.delayMs);
      return { change: { ...ref, status: 'queued', error: null, nextAttemptAt }, closesWindow: false };
    }
  }
}

function errorOf(outcome: SendOutcome) {
  if (outcome.kind === 'refused') return metaMessageError(outcome.code, outcome.detail, outcome.isTransient);
  const detail = 'detail' in outcome ? outcome.detail : null;
  return { code: 'not_connected', title: 'WhatsApp could not be reached', detail, retryable: true };
}

function pastOf({ past }: CurrentMessage): PastTries {
  const tries = { ...NO_PAST_TRIES };
  for (const [outcome, code] of past) {
    if (outcome === 'not_connected') tries.notConnected += 1;
    if (outcome !== 'refused' || code === null) continue;
    const { class: errorClass } = metaError(code);
    if (errorClass === 'slow_down') tries.slowedDown += 1;
    else if (errorClass === 'pair_limit') tries.pairLimited += 1;
    else if (errorClass !== 'stop_number') tries.refused += 1;
  }
  return tries;
}

function endOf({ conversationId, messageId, attempt, outcome }: SendResultItem): AttemptEnd {
  return {
    conversationId,
    messageId,
    attempt,
    outcome: outcome.kind,
    httpStatus: 'httpStatus' in outcome ? outcome.httpStatus : null,
    code: outcome.kind === 'refused' ? outcome.code : null,
    detail: 'detail' in outcome ? outcome.detail : null,
  };
}
