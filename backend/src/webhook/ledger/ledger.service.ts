import { Injectable } from '@nestjs/common';
import type { Delivery, DeliveryCounts, DeliveryList, DeliveryListQuery, ReplayedDeliveries } from '@parley/contract';
import { validate as isUuid } from 'uuid';
import { DomainError, NotFoundError } from '../../common/domain.error.js';
import { Database } from '../../database/database.js';
import { DeliveryWaker } from '../delivery-waker.js';
import { LedgerRepository, type LedgerRow } from './ledger.repository.js';

/** Deliveries as an operator sees them: outcomes, raw bytes, another try. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly database: Database,
    private readonly repository: LedgerRepository,
    private readonly waker: DeliveryWaker,
  ) {}

  async list(filter: DeliveryListQuery): Promise<DeliveryList> {
    const after = filter.cursor === undefined ? null : decode(filter.cursor);
    const rows = await this.repository.list(this.database.pool, filter, after);
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    return { items: page.map(toDelivery), nextCursor: rows.length > page.length && last ? encode(last.id) : null };
  }

  /** @throws NotFoundError delivery.not_found */
  async get(id: string): Promise<Delivery> {
    const row = await this.repository.find(this.database.pool, id);
    if (!row) throw new NotFoundError('delivery');
    return toDelivery(row);
  }

  /** @throws NotFoundError delivery.not_found */
  async body(id: string): Promise<Buffer> {
    const body = await this.repository.body(this.database.pool, id);
    if (!body) throw new NotFoundError('delivery');
    return body;
  }

  /** Works through the bytes once more: what failed or was unrouted gets new tries, what was applied is a duplicate. */
  async replay(id: string): Promise<Delivery> {
    await this.get(id);
    await this.replayMany([id]);
    return this.get(id);
  }

  /** The same for many at once; what is unknown, or being worked on just now, is passed over and named. */
  async replayMany(ids: readonly string[]): Promise<ReplayedDeliveries> {
    const replayed = await this.database.transaction(async (tx) => {
      const done = await this.repository.replay(tx, [...new Set(ids)]);
      this.database.afterCommit(tx, () => this.waker.wake());
      return done;
    });
    const isReplayed = new Set(replayed);
    return { replayed, skipped: [...new Set(ids)].filter((id) => !isReplayed.has(id)) };
  }

  counts(): Promise<DeliveryCounts> {
    return this.repository.counts(this.database.pool);
  }
}

function toDelivery({ id, receivedAt, sizeBytes, state, attempts, error, items }: LedgerRow): Delivery {
  return { id, receivedAt: receivedAt.toISOString(), sizeBytes, state, attempts, error, items };
}

const encode = (id: string): string => Buffer.from(id).toString('base64url');

function decode(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isUuid(id)) throw new DomainError('request.invalid', 400, 'This cursor is not one of ours.');
  return id;
}
