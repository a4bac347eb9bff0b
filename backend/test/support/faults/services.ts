import pg from 'pg';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort, startPostgres, startRedis } from '../../../../tools/services.mjs';
import '../../../src/database/pg-types.js';
import { migrate } from '../../../src/database/migrate.js';

type PostgresService = Awaited<ReturnType<typeof startPostgres>>;
type RedisService = Awaited<ReturnType<typeof startRedis>>;

/** A PostgreSQL and a Redis of the test's own, durable, which it may take away and bring back at the same address. */
export class BreakableServices {
  private constructor(
    private readonly folder: string,
    private postgres: PostgresService,
    private redis: RedisService,
  ) {}

  static async start(): Promise<BreakableServices> {
    const folder = await mkdtemp(path.join(tmpdir(), 'parley-faults-'));
    await chmod(folder, 0o755); // as root, PostgreSQL runs as somebody else, who must reach its data
    const [postgres, redis] = await Promise.all([
      startPostgres({ dataDir: path.join(folder, 'postgres'), port: await freePort(), durable: true }),
      startRedis({ dir: path.join(folder, 'redis'), port: await freePort(), durable: true }),
    ]);
    await migrate(postgres.url);
    return new BreakableServices(folder, postgres, redis);
  }

  get databaseUrl(): string {
    return this.postgres.url;
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  /** A query on a connection of its own, which no restart has broken. */
  async sql<Row extends object>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(text, [...parameters])).rows;
    } finally {
      await client.end();
    }
  }

  /** Takes the row lock of a thread, and with it holds up every batch that writes to it, until told to let go. */
  async holdThread(conversationId: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    client.on('error', () => undefined); // it may be cut like any other
    await client.connect();
    await client.query('begin');
    await client.query('select from conversations where id = $1 for update', [conversationId]);
    return () => client.end();
  }

  /** Every connection is cut, what is under way rolls back; then it comes back. */
  async restartPostgres(): Promise<void> {
    await this.postgres.stop();
    await this.bringPostgresBack();
  }

  /** As when its machine loses power: what was committed comes back from the log alone. */
  async crashPostgres(): Promise<void> {
    const pidFile = await readFile(path.join(this.folder, 'postgres', 'postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
    await this.postgres.ended;
    await this.bringPostgresBack();
  }

  async flushRedis(): Promise<void> {
    const client = new Redis(this.redisUrl);
    await client.flushall();
    client.disconnect();
  }

  /** Takes Redis away; the result brings it back. */
  async takeRedisAway(): Promise<() => Promise<void>> {
    await this.redis.stop();
    const { port, password } = this.redis;
    return async () => {
      this.redis = await startRedis({ dir: path.join(this.folder, 'redis'), port, password, durable: true });
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async bringPostgresBack(): Promise<void> {
    const { port } = this.postgres;
    this.postgres = await startPostgres({ dataDir: path.join(this.folder, 'postgres'), port, durable: true });
  }
}
