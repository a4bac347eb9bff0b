import { Injectable, Logger } from '@nestjs/common';
import { ChannelsService, type ChannelRoute } from '../../channels/channels.service.js';
import { ChannelStandingService } from '../../channels/standing/channel-standing.service.js';
import type { StandingChange } from '../../channels/standing/standing-change.js';
import { clip, toStorable } from '../../common/storable.js';
import { traced } from '../../common/trace.js';
import type { InboundItem, ItemResult } from '../../conversations/inbound/inbound-item.js';
import { InboundService } from '../../conversations/inbound/inbound.service.js';
import { PresentAgents } from '../../conversations/inbound/present-agents.js';
import { Database, type Tx } from '../../database/database.js';
import { postgresStateOf } from '../../database/trouble.js';
import { Metrics } from '../../metrics/metrics.js';
import type { TemplateChange } from '../../templates/template-change.js';
import { TemplatesService } from '../../templates/templates.service.js';
import { type DeliveryItem, parseBody } from '../parsing/envelope.js';
import {
  DeliveriesRepository,
  type DeliveryEnd,
  type DrainHold,
  type ItemRow,
  type Lease,
  type LeasedDelivery,
} from './deliveries.repository.js';
import { isTroubleOfTheStore } from './failure.js';

/** Items of one transaction at most; a body of 1,000 updates is one. */
const MAX_ITEMS_PER_TRANSACTION = 1_000;
/** A failed piece is tried again in so many parts: with several bad items in it, halves would mostly fail as well. */
const PARTS = 8;
const MAX_TRIES = 5;
const FIRST_RETRY_MS = 1_000;
/** Deaths of the process in a row, after which the delivery at hand is to blame. */
const MAX_DEATHS = 5;
const REFRESH_ROUTES_EVERY_MS = 5_000;
const MAX_REASON_CHARS = 500;

/** An item on its way: what its line in the ledger will say, and what it does if it does something. */
interface Work {
  row: ItemRow;
  item: InboundItem | null;
  template?: TemplateChange;
  standing?: StandingChange;
}

interface Job {
  delivery: LeasedDelivery;
  work: Work[];
  problem: string | null;
  isDead: boolean;
}

/** Works through a lease of deliveries: takes them apart, applies their items in batches, isolates what fails. */
@Injectable()
export class DeliveryProcessor {
  private readonly logger = new Logger(DeliveryProcessor.name);
  private nextRefreshAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly channels: ChannelsService,
    private readonly inbound: InboundService,
    private readonly templates: TemplatesService,
    private readonly standing: ChannelStandingService,
    private readonly presentAgents: PresentAgents,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @throws LeaseLostError when another worker has taken over; then nothing of this call took effect after that.
   * Whatever the store itself throws (away, full, a lock not had) comes out as it is: it counts against nobody.
   */
  async process(lease: Lease): Promise<void> {
    const leased = lease.deliveries;
    const earlier = leased.some(({ attempts }) => attempts > 0)
      ? await this.deliveries.items(
          this.database.pool,
          leased.map(({ id }) => id),
        )
      : [];
    const jobs = await this.jobsOf(leased, earlier);
    const present = await this.presentAgents.snapshot();
    // What failed before may well fail again, and is slow to be told apart: what is new does not wait for it.
    const [failed, others] = [true, false].map((has) => jobs.filter(({ delivery }) => delivery.hasFailed === has));
    for (const some of [others, failed]) if (some?.length) await this.work(lease, some, present);
  }

  /** Applies and ends some of a lease's deliveries: in one transaction if all goes well. */
  private async work(lease: Lease, jobs: readonly Job[], present: ReadonlySet<string>): Promise<void> {
    const open = jobs.flatMap((job) => job.work).filter(({ row }) => row.outcome === 'pending');
    // What failed before is not expected to go through together.
    const isRetried = open.length <= PARTS && open.every(({ row }) => row.attempts > 0);
    const pieces = piecesOf(open, isRetried ? 1 : MAX_ITEMS_PER_TRANSACTION);
    const last = (isRetried ? null : pieces.pop()) ?? [];
    for (const piece of pieces) await this.applyWhatGoes(lease, piece, present);
    await this.applyWhatGoes(lease, last, present, jobs);
  }

  private async jobsOf(leased: readonly LeasedDelivery[], earlier: readonly ItemRow[]): Promise<Job[]> {
    const known = new Map(earlier.map((row) => [`${row.deliveryId} ${row.ordinal}`, row]));
    const parsed = leased.map((delivery) => ({ delivery, body: parseBody(delivery.body, delivery.receivedAt) }));
    const routes = await this.routesFor(parsed.flatMap(({ body }) => body.items));
    return parsed.map(({ delivery, body }) => {
      const isDeadly = delivery.deaths >= MAX_DEATHS;
      const work = body.items.map((item) => {
        const before = known.get(`${delivery.id} ${item.ordinal}`);
        if (before && before.outcome !== 'pending') return { row: before, item: null };
        return workOf(delivery, item, routes, before?.attempts ?? 0);
      });
      const problem = isDeadly
        ? `the process died ${delivery.deaths} times while it was at work on this`
        : body.problem;
      return { delivery, work: isDeadly ? [] : work, problem, isDead: isDeadly || body.isBroken };
    });
  }

  /** Reads the numbers again before an item counts as unrouted, but not for each of a flood. */
  private async routesFor(items: readonly DeliveryItem[]): Promise<Map<string, ChannelRoute>> {
    const routes = await this.channels.routes();
    const isUnknown = items.some(({ phoneNumberId }) => phoneNumberId !== null && !routes.has(phoneNumberId));
    if (!isUnknown || performance.now() < this.nextRefreshAtMs) return routes;
    this.nextRefreshAtMs = performance.now() + REFRESH_ROUTES_EVERY_MS;
    await this.channels.refresh();
    return this.channels.routes();
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

  /**
   * Applies a piece, and ends what `ending` says with it. If it fails, the bad items are counted and what is left of it
   * is applied, in its order.
   */
  private async applyWhatGoes(
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
        if (open.length > 1 || ending.length === 0) open = await this.leftOf(hold, open, present, error);
        else [open] = [[], await this.applyWhatGoes(hold, open, present)];
      }
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

function workOf(
  delivery: LeasedDelivery,
  { ordinal, kind, phoneNumberId, wamid, effect }: DeliveryItem,
  routes: ReadonlyMap<string, ChannelRoute>,
  attempts: number,
): Work {
  const channel = phoneNumberId === null ? undefined : routes.get(phoneNumberId);
  const row: ItemRow = {
    deliveryId: delivery.id,
    ordinal,
    kind,
    channelId: channel?.id ?? null,
    wamid,
    outcome: 'pending',
    reason: null,
    attempts,
    waitingFor: null,
    conversationId: null,
    messageId: null,
  };
  if (typeof effect === 'string') return { row: { ...row, outcome: 'kept', reason: effect }, item: null };
  if (effect.kind === 'template') return { row, item: null, template: effect };
  if (effect.kind === 'standing') return { row, item: null, standing: effect };
  if (!channel) {
    const reason = phoneNumberId === null ? 'no phone_number_id' : `unknown phone_number_id ${phoneNumberId}`;
    return { row: { ...row, outcome: 'unrouted', reason, waitingFor: phoneNumberId }, item: null };
  }
  const { id, portfolioId, botEnabled } = channel;
  const key = { deliveryId: delivery.id, ordinal };
  return { row, item: { key, channel: { id, portfolioId, botEnabled }, wamid, effect } };
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

function piecesOf(work: readonly Work[], size: number): Work[][] {
  const pieces: Work[][] = [];
  for (let start = 0; start < work.length; start += size) pieces.push(work.slice(start, start + size));
  return pieces;
}
