import { Injectable } from '@nestjs/common';
import type { MessageError, SenderType } from '@parley/contract';
import { newId } from '../../common/ids.js';
import { SUPERSEDED } from '../../conversations/conversation.row.js';
import { placeOf } from '../../conversations/conversations.repository.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import type { Recipient, Sendable } from '../graph/graph-body.js';
import type { SendingNumber } from '../graph/graph.client.js';
import type { SendOutcome } from '../graph/send-outcome.js';
import { LeasesRepository, type DueHead, type LeasedRow, type Touched } from './leases.repository.js';
import { nextTokenMs, paceOfPair, refill } from '../../channels/pace.js';

const LEASE_MS = 60_000;
/** The whole call takes at most 20 s, so what begins with less than this left is not begun. */
const LEASE_LEFT_TO_WRITE_MS = 25_000;
/** A head that changed while we looked at it: look again soon, but not in a circle. */
const LOOK_AGAIN_MS = 1_000;

/** One leased message, ready for the call. */
export interface LeasedSend {
  channelId: string;
  leaseId: string;
  number: SendingNumber;
  sender: SenderType;
  message: Sendable;
  /** Whether enough of the lease is left to write the first byte. */
  mayWrite: () => boolean;
  /** Begins the lease anew, while a file is uploaded; false when it is another's by now. */
  renew: () => Promise<boolean>;
  /** As `renew`, after an upload: null when the message may still go, else what the send comes to without its call. */
  goOn: () => Promise<SendOutcome | null>;
}

export interface LeaseRound {
  sends: LeasedSend[];
  /** More may be due right now. */
  hasMore: boolean;
  /** The number's bucket is empty: when the next token is there. */
  nextTokenMs: number | null;
}

const NOTHING: LeaseRound = { sends: [], hasMore: false, nextTokenMs: null };

const NO_ADDRESS: MessageError = {
  code: 'no_address',
  title: 'Not sent: neither a phone number nor a user id of this customer is known.',
  detail: null,
  retryable: false,
};

/** Meta would refuse it as well (its error 131050). */
const MARKETING_STOPPED: MessageError = {
  code: 'marketing_stopped',
  title: 'Not sent: the customer wants no marketing messages.',
  detail: null,
  retryable: false,
};

/** Takes conversations whose head may go, and commits that before any call is made. */
@Injectable()
export class LeasesService {
  constructor(
    private readonly database: Database,
    private readonly leases: LeasesRepository,
    private readonly log: LogRepository,
  ) {}

  /** Leases up to `limit` heads of a number, as far as its pace and the pairs' allow. */
  async lease(channelId: string, limit: number): Promise<LeaseRound> {
    // Read before the lease begins and counted from there: the lease never ends earlier than we think.
    const beganAtMs = performance.now();
    return this.database.transaction(async (tx) => {
      const held = await this.leases.lockPace(tx, channelId);
      if (!held) return NOTHING;
      const now = await this.database.now(tx);
      const pace = refill(held, now);
      const affordable = Math.floor(pace.tokens);
      if (affordable < 1) return { sends: [], hasMore: false, nextTokenMs: nextTokenMs(pace) };
      const wanted = Math.min(limit, affordable);
      const due = await this.leases.lockDue(tx, channelId, wanted);
      if (due.length === 0) return NOTHING;

      const round = sort(due, now);
      await this.leases.clearIdle(tx, round.idle);
      await this.failAll(tx, round.superseded, SUPERSEDED, now);
      await this.failAll(tx, round.unwanted, MARKETING_STOPPED, now);
      const leaseId = newId();
      const started = await this.start(tx, round.ready, leaseId, now);
      const rows = await this.leases.readLeased(tx, started, held.portfolioId);
      const lost = rows.filter((row) => recipientOf(row) === null).map((row) => row.messageId);
      await this.failAll(
        tx,
        round.ready.filter((head) => lost.includes(head.messageId)),
        NO_ADDRESS,
        now,
      );
      const sends = rows.flatMap((row) => {
        const message = sendable(row);
        const number = { channelId, phoneNumberId: held.phoneNumberId, tokenSealed: held.tokenSealed };
        if (!message) return [];
        const lease = this.leaseOf(message, leaseId, beganAtMs);
        return [{ channelId, leaseId, number, sender: row.senderType, message, ...lease }];
      });
      const leased = new Set(sends.map((send) => send.message.conversationId));
      const taken = round.ready.filter((head) => leased.has(head.conversationId));
      await this.leases.lease(tx, taken, leaseId, LEASE_MS);
      await this.leases.putOff(tx, [...round.waiting, ...lookAgain(round.ready, started, now)]);
      await this.leases.savePace(tx, channelId, { ...pace, tokens: pace.tokens - sends.length });
      await this.logUpdates(tx, taken);
      const isMoreBehind = round.superseded.length + round.unwanted.length + lost.length > 0;
      return { sends, hasMore: due.length === wanted || isMoreBehind, nextTokenMs: null };
    });
  }

  private leaseOf(
    { conversationId, messageId }: Sendable,
    leaseId: string,
    beganAtMs: number,
  ): Pick<LeasedSend, 'mayWrite' | 'renew' | 'goOn'> {
    let sinceMs = beganAtMs;
    return {
      goOn: async () => {
        const askedAtMs = performance.now();
        const held = await this.leases
          .renewAndLook(this.database.pool, { conversationId, messageId }, leaseId, LEASE_MS)
          .catch(() => null);
        if (!held) return { kind: 'not_started', detail: 'the lease ran out during the upload' };
        sinceMs = askedAtMs;
        if (held.isUnwanted) return { kind: 'withdrawn', error: MARKETING_STOPPED };
        return held.isStopped ? { kind: 'not_started', detail: 'the number was stopped during the upload' } : null;
      },
      mayWrite: () => performance.now() - sinceMs < LEASE_MS - LEASE_LEFT_TO_WRITE_MS,
      renew: async () => {
        const askedAtMs = performance.now();
        const isOurs = await this.leases
          .renew(this.database.pool, conversationId, leaseId, LEASE_MS)
          .catch(() => false);
        if (isOurs) sinceMs = askedAtMs;
        return isOurs;
      },
    };
  }

  private async start(tx: Tx, ready: readonly Ready[], leaseId: string, now: Date) {
    return ready.length === 0 ? [] : this.leases.startAttempts(tx, ready, leaseId, now);
  }

  private async failAll(tx: Tx, heads: readonly Touched[], error: MessageError, now: Date): Promise<void> {
    if (heads.length === 0) return;
    await this.leases.fail(tx, heads, error, now);
    await this.logUpdates(tx, heads);
  }

  private async logUpdates(tx: Tx, touched: readonly Touched[]): Promise<void> {
    await this.log.append(
      tx,
      touched.map((row) => ({
        ...placeOf(row),
        type: 'message.updated',
        conversationId: row.conversationId,
        messageId: row.messageId,
      })),
    );
  }
}

interface Ready extends Touched {
  pairTat: Date;
}

/**
 * What may go, what must wait for its time or its pair, what a person has made void, what its customer has come not to
 * want, and where nothing is queued.
 */
function sort(due: readonly DueHead[], now: Date) {
  const idle: string[] = [];
  const ready: Ready[] = [];
  const superseded: Touched[] = [];
  const unwanted: Touched[] = [];
  const waiting: { conversationId: string; dueAt: Date }[] = [];
  for (const head of due) {
    const { conversationId, messageId, teamId, assigneeId } = head;
    if (messageId === null) {
      idle.push(conversationId);
      continue;
    }
    const touched = { conversationId, messageId, teamId, assigneeId };
    if (head.senderType === 'bot' && !isStillTheBots(head)) {
      superseded.push(touched);
      continue;
    }
    if (head.notBefore !== null && head.notBefore > now) {
      waiting.push({ conversationId, dueAt: head.notBefore });
      continue;
    }
    const pair = paceOfPair(head.pairTat, now);
    if ('waitMs' in pair) waiting.push({ conversationId, dueAt: new Date(now.getTime() + pair.waitMs) });
    else if (head.isUnwanted) unwanted.push(touched);
    else ready.push({ ...touched, pairTat: pair.tat });
  }
  return { idle, ready, superseded, unwanted, waiting };
}

/** The bot may still speak: the thread is its own, or it is in the queue untouched since the bot handed it over. */
function isStillTheBots({ guard, status, assigneeId, caseId, isAnsweredByPerson }: DueHead): boolean {
  if (guard === null || assigneeId !== null || caseId !== guard.caseId || isAnsweredByPerson) return false;
  return status === 'pending' || (guard.handsOver && status === 'open');
}

function lookAgain(ready: readonly Ready[], started: readonly { messageId: string }[], now: Date) {
  const ids = new Set(started.map((head) => head.messageId));
  return ready
    .filter((head) => !ids.has(head.messageId))
    .map(({ conversationId }) => ({ conversationId, dueAt: new Date(now.getTime() + LOOK_AGAIN_MS) }));
}

function recipientOf({ groupId, phone, userId }: LeasedRow): Recipient | null {
  if (groupId !== null) return { groupId };
  if (phone !== null) return { phone };
  return userId === null ? null : { userId };
}

function sendable(row: LeasedRow): Sendable | null {
  const recipient = recipientOf(row);
  if (!recipient) return null;
  const { conversationId, messageId, attempt, type, body, quotedWamid, content, fileId, targetWamid } = row;
  return {
    conversationId,
    messageId,
    attempt,
    recipient,
    type,
    body,
    previewUrl: previewOf(row),
    quotedWamid,
    content,
    fileId,
    targetWamid,
  };
}

/** The agent's own choice, if there was one. */
function previewOf({ request }: LeasedRow): boolean | null {
  const text = request?.['text'];
  if (typeof text !== 'object' || text === null) return null;
  const { previewUrl } = text as { previewUrl?: unknown };
  return typeof previewUrl === 'boolean' ? previewUrl : null;
}
