import { Injectable } from '@nestjs/common';
import { ChannelsService, type ChannelRoute } from '../../channels/channels.service.js';
import { PresentAgents } from '../../conversations/inbound/present-agents.js';
import { Database } from '../../database/database.js';
import { type DeliveryItem, parseBody } from '../parsing/envelope.js';
import { DeliveriesRepository, type ItemRow, type Lease, type LeasedDelivery } from './deliveries.repository.js';
import { DeliveryBatches, type Job, PARTS, piecesOf, type Work } from './delivery-batches.js';

/** Items of one transaction at most; a body of 1,000 updates is one. */
const MAX_ITEMS_PER_TRANSACTION = 1_000;
/** Deaths of the process in a row, after which the delivery at hand is to blame. */
const MAX_DEATHS = 5;
const REFRESH_ROUTES_EVERY_MS = 5_000;

/** Works through a lease of deliveries: takes them apart, and has their items applied. */
@Injectable()
export class DeliveryProcessor {
  private nextRefreshAtMs = 0;

  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveriesRepository,
    private readonly channels: ChannelsService,
    private readonly presentAgents: PresentAgents,
    private readonly batches: DeliveryBatches,
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
    for (const piece of pieces) await this.batches.applyWhatGoes(lease, piece, present);
    await this.batches.applyWhatGoes(lease, last, present, jobs);
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
