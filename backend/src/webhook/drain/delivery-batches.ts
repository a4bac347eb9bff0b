import { Injectable, Logger } from '@nestjs/common';
import type { StandingChange } from '../../channels/standing/standing-change.js';
import { ChannelStandingService } from '../../channels/standing/channel-standing.service.js';
import { clip, toStorable } from '../../common/storable.js';
import { traced } from '../../common/trace.js';
import type { InboundItem, ItemResult } from '../../conversations/inbound/inbound-item.js';
import { InboundService } from '../../conversations/inbound/inbound.service.js';
import { Database, type Tx } from '../../database/database.js';
import { postgresStateOf } from '../../database/trouble.js';
import { Metrics } from '../../metrics/metrics.js';
import type { TemplateChange } from '../../templates/template-change.js';
import { TemplatesService } from '../../templates/templates.service.js';
import {
  DeliveriesRepository,
  type DeliveryEnd,
  type DrainHold,
  type ItemRow,
  type LeasedDelivery,
} from './deliveries.repository.js';
import { isTroubleOfTheStore } from './failure.js';

/** A failed piece is tried again in so many parts: with several bad items in it, halves would mostly fail as well. */
export const PARTS = 8;
const MAX_TRIES = 5;
const FIRST_RETRY_MS = 1_000;
const MAX_REASON_CHARS = 500;

/** An item on its way: what its line in the ledger will say, and what it does if it does something. */
export interface Work {
  row: ItemRow;
  item: InboundItem | null;
  template?: TemplateChange;
  standing?: StandingChange;
}

/** A delivery on its way. */
export interface Job {
  delivery: LeasedDelivery;
  work: Work[];
  problem: string | null;
  isDead: boolean;
}

/** Applies items in batches, each in a transaction of its own, and isolates what fails. */
@Injectable()
export class DeliveryBatches {
  private readonly logger = new Logger(DeliveryBatches.name);

  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly inbound: InboundService,
    private readonly templates: TemplatesService,
    private readonly standing: ChannelStandingService,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Applies a piece, and ends what `ending` says with it. If it fails, the bad items are counted and what is left of it
   * is applied, in its order.
   * @throws LeaseLostError when another worker has taken over; and whatever the store itself throws, as it is.
   */
  async applyWhatGoes(
    hold: DrainHold,
    piece: readonly Work[],
    present: ReadonlySet<string>,
    ending: readonly Job[] = [],
  ): Promise<void> {
    let open = piece;
    while (open.length + ending.length > 0) {
      try {
        const all = open;
        await this.database.transaction((tx) => this.apply(tx, hold, all, present, ending));
        return;
      } catch (error) {
        if (isTroubleOfTheStore(error) || open.length === 0) throw error;
        // It may have been the end that failed: then no item is to blame.
        const isOneWithEnd = open.length === 1 && ending.length > 0;
        if (isOneWithEnd) await this.applyWhatGoes(hold, open, present);
        open = isOneWithEnd ? [] : await this.leftOf(hold, open, present, error);
      }
    }
  }

  /** One transaction: fence, effects, outcomes, and the end of the deliveries when `ending` says which. */
  private async apply(
    tx: Tx,
    hold: DrainHold,
    piece: readonly Work[],
    present: ReadonlySet<string>,
    ending: readonly Job[] = [],
  ): Promise<void> {
    await this.deliveries.fence(tx, hold);
    const doing = piece.filter((work): work is Work & { item: InboundItem } => work.item !== null);
    const results = await this.inbound.applyBatch(
      tx,
      doing.map(({ item }) => item),
      present,
    );
    const outcomes = new Map<Work, ItemRow>(doing.map((work, index) => [work, withResult(work.row, results[index])]));
    const told = piece.filter((work): work is Work & { template: TemplateChange } => work.template !== undefined);
    const news = await this.templates.apply(
      tx,
      told.map(({ template }) => template),
    );
    for (const [index, work] of told.entries()) outcomes.set(work, withResult(work.row, news[index]));
    const standing = piece.filter((work): work is Work & { standing: StandingChange } => work.standing !== undefined);
    const stands = await this.standing.apply(
      tx,
      standing.map((work) => work.standing),
    );
    for (const [index, work] of standing.entries()) outcomes.set(work, withResult(work.row, stands[index]));
    const rows = ending.flatMap((job) => job.work).map((work) => outcomes.get(work) ?? work.row);
    // What an ending writes includes this piece; a piece alone writes itself.
    await this.deliveries.saveItems(tx, ending.length > 0 ? rows : [...outcomes.values()]);
    const ends = ending.map((job) => endOf(job, outcomes));
    if (ends.length > 0) await this.deliveries.end(tx, ends);
    this.database.afterCommit(tx, () => {
      for (const [work, row] of outcomes) work.row = row;
      this.count(ending, ends);
    });
  }

  private count(ending: readonly Job[], ends: readonly DeliveryEnd[]): void {
    for (const [index, { delivery, work }] of ending.entries()) {
      if (ends[index]?.state === 'retry') continue;
      this.metrics.deliveryEnded(
        delivery.receivedAt,
        work.map(({ row }) => row.outcome),
      );
    }
  }

  /** What is still to be applied of a piece that failed, now that something bad in it was counted. */
  private async leftOf(
    hold: DrainHold,
    piece: readonly Work[],
    present: ReadonlySet<string>,
    error: unknown,
  ): Promise<readonly Work[]> {
    const [first] = piece;
    if (first && piece.length === 1) {
      this.countFailure(first, error);
      return [];
    }
    const bad = await this.badOf(hold, piece, present, error);
    if (bad.size > 0) return piece.filter((work) => !bad.has(work));
    for (const part of piecesOf(piece, Math.ceil(piece.length / PARTS))) await this.applyWhatGoes(hold, part, present);
    return [];
  }

  /**
   * Counts those whose rows the store refuses, as far as it says so; each of them fails by itself as well. Told in one
   * transaction and one for each bad item, where parts of parts take a dozen for each, and what is new waits meanwhile.
   */
  private async badOf(
    hold: DrainHold,
    piece: readonly Work[],
    present: ReadonlySet<string>,
    error: unknown,
  ): Promise<Set<Work>> {
    if (postgresStateOf(error) === null) return new Set();
    const rows = await this.database.refusedRows((tx) => this.apply(tx, hold, piece, present));
    const named = new Set(rows.flat());
    const bad = new Set<Work>();
    for (const work of piece) {
      if (work.row.wamid === null || !named.has(work.row.wamid)) continue;
      const why = await this.failureOf(hold, work, present);
      if (why === null) continue;
      this.countFailure(work, why);
      bad.add(work);
    }
    return bad;
  }

  /** Why an item fails by itself; null if it does not, and then it is not applied either, for it has its place in the order. */
  private async failureOf(hold: DrainHold, work: Work, present: ReadonlySet<string>): Promise<unknown> {
    const isGood = new Error('it goes through');
    try {
      await this.database.transaction(async (tx) => {
        await this.apply(tx, hold, [work], present);
        throw isGood;
      });
    } catch (error) {
      if (isTroubleOfTheStore(error)) throw error;
      return error === isGood ? null : error;
    }
    return null;
  }

  private countFailure(work: Work, error: unknown): void {
    const attempts = work.row.attempts + 1;
    const reason = clip(toStorable(String(error)), MAX_REASON_CHARS);
    const isDead = attempts >= MAX_TRIES;
    work.row = { ...work.row, attempts, reason, outcome: isDead ? 'dead' : 'pending' };
    const where = `item ${work.row.ordinal} of delivery ${work.row.deliveryId}`;
    traced({ deliveryId: work.row.deliveryId }, () =>
      this.logger.error(`${where} failed (${attempts} of ${MAX_TRIES} tries)`, error),
    );
  }
}

const withResult = (row: ItemRow, result: ItemResult | undefined): ItemRow => ({
  ...row,
  outcome: result?.outcome ?? 'kept',
  reason: result?.reason ?? null,
  waitingFor: result?.waitingFor ?? null,
  conversationId: result?.conversationId ?? null,
  messageId: result?.messageId ?? null,
});

function endOf(job: Job, outcomes: ReadonlyMap<Work, ItemRow>): DeliveryEnd {
  const rows = job.work.map((work) => outcomes.get(work) ?? work.row);
  const pending = rows.filter((row) => row.outcome === 'pending');
  const dead = rows.find((row) => row.outcome === 'dead');
  const { id } = job.delivery;
  if (pending.length > 0) {
    const tries = Math.max(...pending.map((row) => row.attempts));
    return { id, state: 'retry', error: pending[0]?.reason ?? null, delayMs: FIRST_RETRY_MS * 4 ** (tries - 1) };
  }
  return { id, state: job.isDead || dead ? 'dead' : 'done', error: job.problem ?? dead?.reason ?? null, delayMs: 0 };
}

/** Parts of so many items each, in their order. */
export function piecesOf(work: readonly Work[], size: number): Work[][] {
  const pieces: Work[][] = [];
  for (let start = 0; start < work.length; start += size) pieces.push(work.slice(start, start + size));
  return pieces;
}
