import { Injectable } from '@nestjs/common';
import { Database, query } from '../database/database.js';

/** What holds the log back: nothing that committed after this transaction began can be read before it ends. */
export interface LogHorizon {
  ageMs: number;
  /** Who it is; null when nothing is being written. */
  holder: string | null;
}

/** The oldest writing transaction of the whole server, whatever program it belongs to. */
@Injectable()
export class LogHorizonRepository {
  constructor(private readonly database: Database) {}

  async horizon(): Promise<LogHorizon> {
    const [row] = await query<LogHorizon>(
      this.database.pool,
      `select greatest(extract(epoch from clock_timestamp() - since) * 1000, 0)::float8 as "ageMs", holder
       from (
         select backend_xid as xid, xact_start as since,
           format('pid %s (%s, %s)', pid, coalesce(nullif(application_name, ''), 'unnamed'), state) as holder
         from pg_stat_activity where backend_xid is not null
         union all
         select transaction, prepared, format('prepared transaction %s', gid) from pg_prepared_xacts
       ) writers
       order by age(xid) desc
       limit 1`,
    );
    return row ?? { ageMs: 0, holder: null };
  }
}
