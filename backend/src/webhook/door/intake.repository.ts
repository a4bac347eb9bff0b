import { Logger } from '@nestjs/common';
import pg from 'pg';
import { byteaArray } from '../../database/binary-array.js';

/** A body on its way into the store. */
export interface NewDelivery {
  id: string;
  /** SHA-256 of the body, a character for each byte. */
  hash: string;
  body: Buffer;
}

const CONNECT_TIMEOUT_MS = 1_000;
const STATEMENT_TIMEOUT_MS = 1_400;

/** The door's own few connections: whatever the app does to its pool, storing goes on. */
export class IntakeRepository {
  private readonly logger = new Logger('webhook');
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string, connections: number) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'parley-webhook',
    });
    this.pool.on('error', (error) => this.logger.warn(`a connection was lost: ${error.message}`));
  }

  /** One statement for all, sorted and folded by hash, so that equal bodies neither collide nor deadlock. */
  async insert(deliveries: readonly NewDelivery[]): Promise<void> {
    const byHash = new Map<string, NewDelivery>();
    for (const delivery of deliveries) if (!byHash.has(delivery.hash)) byHash.set(delivery.hash, delivery);
    const sorted = [...byHash.values()].sort((left, right) => (left.hash < right.hash ? -1 : 1));
    await this.pool.query({
      name: 'take-deliveries',
      text: `insert into webhook_deliveries (id, body_hash, body, received_at, next_at)
             select delivery.id, delivery.hash, delivery.body, clock.now, clock.now
             from (select app_now() as now offset 0) clock,
               unnest($1::uuid[], $2::bytea[], $3::bytea[]) as delivery (id, hash, body)
             on conflict (body_hash) do nothing`,
      values: [
        `{${sorted.map(({ id }) => id).join()}}`,
        byteaArray(sorted.map(({ hash }) => hash)),
        byteaArray(sorted.map(({ body }) => body)),
      ],
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
