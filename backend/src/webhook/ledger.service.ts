import { Injectable } from '@nestjs/common';
import type { Delivery, DeliveryList, DeliveryListQuery } from '@parley/contract';
import { DomainError, NotFoundError } from '../common/domain.error.js';
import { Database } from '../database/database.js';
import { DeliveryWaker } from './delivery-waker.js';
import { type LedgerPosition, LedgerRepository, type LedgerRow } from './ledger.repository.js';

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
    return { items: page.map(toDelivery), nextCursor: rows.length > page.length && last ? encode(last) : null };
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
    await this.database.transaction(async (tx) => {
      await this.repository.replay(tx, id);
      this.database.afterCommit(tx, () => this.waker.wake());
    });
    return this.get(id);
  }
}

function toDelivery({ id, receivedAt, sizeBytes, state, attempts, error, items }: LedgerRow): Delivery {
  return { id, receivedAt: receivedAt.toISOString(), sizeBytes, state, attempts, error, items };
}

const encode = (row: LedgerRow): string => Buffer.from(`${row.position}|${row.id}`).toString('base64url');

const POSITION = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00)\|([0-9a-f-]{36})$/;

function decode(cursor: string): LedgerPosition {
  const [, at, id] = POSITION.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!at || !id) throw new DomainError('request.invalid', 400, 'This cursor is not one of ours.');
  return { at, id };
}
