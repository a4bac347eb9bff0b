import { Injectable } from '@nestjs/common';
import { Database, query } from '../database/database.js';

/** Counts sign-in attempts before they are judged, so that guesses in parallel cannot slip through together. */
@Injectable()
export class LoginThrottleRepository {
  constructor(private readonly database: Database) {}

  /**
   * Notes an attempt under `key`. Returns null when it may be judged, else the seconds until the next one may.
   * From the `free`-th attempt within a quarter of an hour each one blocks for twice as long, up to that quarter.
   */
  async note(key: string, free: number): Promise<number | null> {
    const allowed = await query(
      this.database.pool,
      `insert into login_throttles as t (key, failures, blocked_until, updated_at)
       values ($1, 1, null, app_now())
       on conflict (key) do update set
         failures = case when t.updated_at < app_now() - interval '15 minutes' then 1 else t.failures + 1 end,
         blocked_until = case
           when t.updated_at >= app_now() - interval '15 minutes' and t.failures + 1 >= $2
           then app_now() + least(interval '15 minutes', interval '1 second' * power(2, least(t.failures + 1 - $2, 10)))
         end,
         updated_at = app_now()
       where t.blocked_until is null or t.blocked_until <= app_now()
       returning key`,
      [key, free],
    );
    if (allowed.length > 0) return null;
    const [row] = await query<{ seconds: number }>(
      this.database.pool,
      `select greatest(1, ceil(extract(epoch from blocked_until - app_now())))::int as seconds
       from login_throttles where key = $1 and blocked_until is not null`,
      [key],
    );
    return row?.seconds ?? 1;
  }

  /** Deletes what counts no more: after a quarter of an hour without an attempt a key starts afresh anyway. */
  async deleteOld(): Promise<void> {
    await query(
      this.database.pool,
      `delete from login_throttles
       where updated_at < app_now() - interval '15 minutes' and (blocked_until is null or blocked_until < app_now())`,
    );
  }

  /** A successful sign-in: the account starts afresh. */
  async clear(key: string): Promise<void> {
    await query(this.database.pool, 'delete from login_throttles where key = $1', [key]);
  }

  /** A successful sign-in takes back the attempt noted for its address. */
  async takeBack(key: string): Promise<void> {
    await query(
      this.database.pool,
      'update login_throttles set failures = greatest(0, failures - 1), blocked_until = null where key = $1',
      [key],
    );
  }
}
