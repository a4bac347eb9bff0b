import pg from 'pg';
import { migrations } from '../database/migrations/index.js';

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 5_000;

/** A number as it is stored; its secrets are still sealed. */
export interface StoredNumber {
  id: string;
  name: string;
  phoneNumberId: string;
  businessAccountId: string;
  accessTokenSealed: string | null;
  appSecretSealed: string | null;
}

export interface ServerFacts {
  version: number;
  settings: Record<string, string>;
  encoding: string;
  now: Date;
  databaseBytes: number;
  horizonSeconds: number;
  horizonHolder: string | null;
  /** WAL that a replication slot without a reader keeps. */
  idleSlotBytes: number;
  idleSlots: string[];
}

/** Asks a PostgreSQL that may be anybody's: one connection, short statements, nothing written. */
export class DoctorRepository {
  private constructor(private readonly client: pg.Client) {}

  /** @throws whatever the driver says, when it cannot be reached in time */
  static async open(url: string): Promise<DoctorRepository> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'parley-doctor',
    });
    client.on('error', () => undefined);
    await client.connect();
    return new DoctorRepository(client);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Names of migrations that this version has and the database does not; and how many it has that we do not know. */
  async migrations(): Promise<{ missing: string[]; unknown: number }> {
    const { rows } = await this.client.query<{ name: string }>(
      `select name from ${(await this.has('migrations')) ? 'migrations' : "(select '' as name where false) m"}`,
    );
    const applied = new Set(rows.map(({ name }) => name));
    const ours = migrations.map(({ name }) => name);
    return {
      missing: ours.filter((name) => !applied.has(name)),
      unknown: [...applied].filter((name) => !ours.includes(name)).length,
    };
  }

  async facts(): Promise<ServerFacts> {
    const { rows: settings } = await this.client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('server_version_num', 'fsync', 'full_page_writes',
         'synchronous_commit', 'autovacuum', 'max_connections', 'server_encoding')`,
    );
    const byName = Object.fromEntries(settings.map(({ name, setting }) => [name, setting]));
    const { rows } = await this.client.query<Omit<ServerFacts, 'version' | 'settings' | 'encoding'>>(
      `select clock_timestamp() as now, pg_database_size(current_database())::float8 as "databaseBytes",
         coalesce(h.seconds, 0) as "horizonSeconds", h.holder as "horizonHolder",
         coalesce(s.bytes, 0) as "idleSlotBytes", coalesce(s.names, '{}') as "idleSlots"
       from (select 1) one
       left join lateral (
         select extract(epoch from clock_timestamp() - xact_start)::float8 as seconds,
           format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), 'unnamed'), state) as holder
         from pg_stat_activity where backend_xid is not null order by age(backend_xid) desc limit 1
       ) h on true
       left join lateral (
         select max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))::float8 as bytes,
           array_agg(slot_name::text) as names
         from pg_replication_slots where not active
       ) s on true`,
    );
    const [row] = rows;
    if (!row) throw new Error('PostgreSQL told nothing about itself');
    return {
      ...row,
      version: Math.floor(Number(byName['server_version_num']) / 10_000),
      settings: byName,
      encoding: byName['server_encoding'] ?? '',
    };
  }

  async numbers(): Promise<StoredNumber[]> {
    const { rows } = await this.client.query<StoredNumber>(
      `select id, name, phone_number_id as "phoneNumberId", business_account_id as "businessAccountId",
         access_token_sealed as "accessTokenSealed", app_secret_sealed as "appSecretSealed"
       from channels where disconnected_at is null order by created_at`,
    );
    return rows;
  }

  async verifyTokenSealed(): Promise<string | null> {
    const { rows } = await this.client.query<{ sealed: string | null }>(
      'select verify_token_sealed as sealed from workspace limit 1',
    );
    return rows[0]?.sealed ?? null;
  }

  private async has(table: string): Promise<boolean> {
    const { rows } = await this.client.query<{ has: boolean }>('select to_regclass($1) is not null as has', [table]);
    return rows[0]?.has === true;
  }
}
