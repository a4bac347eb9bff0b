import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/database.js';
import type { InboundEffect, InboundItem, ItemResult } from '../inbound/inbound-item.js';
import { InboundMessagesRepository } from '../inbound/inbound-messages.repository.js';
import { FreeEntriesRepository } from './free-entries.repository.js';
import { MessageStatusesRepository, type StatusRow } from './message-statuses.repository.js';
import type { StatusHead } from './status-head.js';
import { factsOf } from './status-ladder.js';
import type { StatusReport } from './status-report.js';

export type StatusItem = InboundItem<Extract<InboundEffect, { kind: 'status' }>>;

const NO_FACTS = { times: {}, errors: null, pricing: null, others: null, callback: null };

const headKey = (channelId: string, wamid: string, participant: string): string =>
  JSON.stringify([channelId, wamid, participant]);

/** The statuses of a batch: their heads come first of all, the messages they move later, after the locks. */
@Injectable()
export class StatusItems {
  constructor(
    private readonly statuses: MessageStatusesRepository,
    private readonly messages: InboundMessagesRepository,
    private readonly freeEntries: FreeEntriesRepository,
  ) {}

  /** Upserts the heads of these statuses and of every other wamid that the batch must meet somebody at. */
  async meet(tx: Tx, items: readonly StatusItem[], others: readonly MeetingPoint[]): Promise<StatusHead[]> {
    return this.statuses.upsert(tx, [...items.flatMap(rowsOf), ...others.map(toRow)]);
  }

  /** Moves the messages that the heads belong to; says what became of each item. */
  async settle(tx: Tx, items: readonly StatusItem[], heads: readonly StatusHead[]): Promise<ItemResult[]> {
    await this.statuses.applyToMessages(tx, heads);
    const keys = await this.messages.known(
      tx,
      items.map(({ channel, effect }) => ({ channelId: channel.id, wamid: effect.report.wamid })),
    );
    const messageOf = new Map(keys.map((key) => [headKey(key.channelId, key.wamid, ''), key]));
    await this.freeEntries.note(
      tx,
      items.flatMap(({ channel, effect: { report } }) => {
        const message = messageOf.get(headKey(channel.id, report.wamid, ''));
        return message && report.freeUntil ? [{ conversationId: message.conversationId, until: report.freeUntil }] : [];
      }),
    );
    const byKey = new Map(heads.map((head) => [headKey(head.channelId, head.wamid, head.participant), head]));
    const seen = new Set<string>();
    return items.map(({ channel, effect: { report } }) => {
      const message = messageOf.get(headKey(channel.id, report.wamid, ''));
      const place = message ? { conversationId: message.conversationId, messageId: message.messageId } : {};
      const key = headKey(channel.id, report.wamid, report.participant);
      if (!this.isNew(report, byKey.get(key), `${key} ${report.value}`, seen))
        return { outcome: 'duplicate', ...place };
      if (report.step === null) return { outcome: 'kept', reason: `unknown status "${report.value}"`, ...place };
      if (!message) return { outcome: 'waiting', waitingFor: report.wamid };
      return { outcome: 'applied', ...place };
    });
  }

  private isNew(report: StatusReport, head: StatusHead | undefined, seenKey: string, seen: Set<string>): boolean {
    if (seen.has(seenKey)) return false;
    seen.add(seenKey);
    if (report.step === null) return !Object.hasOwn(head?.othersBefore ?? {}, report.value);
    const before = head?.before[report.step];
    return !before || report.at < before;
  }
}

/** A wamid whose head must be locked: an echo (which also says when it was sent) or the target of a reaction. */
export interface MeetingPoint {
  channelId: string;
  wamid: string;
  sentAt: Date | null;
}

const toRow = ({ channelId, wamid, sentAt }: MeetingPoint): StatusRow => ({
  ...NO_FACTS,
  channelId,
  wamid,
  participant: '',
  times: sentAt ? { sent: sentAt } : {},
});

/** A status about one member of a group proves of the message as a whole only that it was sent. */
function rowsOf({ channel, effect: { report } }: StatusItem): StatusRow[] {
  const row = { channelId: channel.id, wamid: report.wamid, participant: report.participant, ...factsOf(report) };
  if (report.participant === '') return [row];
  const isSent = report.step !== null && report.step !== 'failed' && report.step !== 'accepted';
  return [
    row,
    { ...row, ...NO_FACTS, callback: row.callback, participant: '', times: isSent ? { sent: report.at } : {} },
  ];
}
