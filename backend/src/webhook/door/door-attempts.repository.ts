import { Injectable } from '@nestjs/common';
import type { DoorAttempt, DoorAttemptKind } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';

export interface NewAttempt {
  id: string;
  kind: DoorAttemptKind;
  address: string;
  phoneNumberId: string | null;
  count: number;
}

const KEPT = 200;

/** What came to the door in vain, and the handshakes. */
@Injectable()
export class DoorAttemptsRepository {
  /** Adds these and forgets all but the newest few: what strangers can cause must not grow. */
  async add(tx: Tx, attempts: readonly NewAttempt[], now: Date): Promise<void> {
    await query(
      tx,
      `insert into door_attempts (id, kind, address, phone_number_id, count, at)
       select a.id, a.kind, a.address, a."phoneNumberId", a.count, $2
       from jsonb_to_recordset($1::jsonb)
         as a (id uuid, kind text, address text, "phoneNumberId" text, count integer)`,
      [JSON.stringify(attempts), now],
    );
    await query(
      tx,
      `insert into door_marks (kind, at) select unnest($1::text[]), $2
       on conflict (kind) do update set at = excluded.at`,
      [[...new Set(attempts.map(({ kind }) => kind))].sort(), now],
    );
    await query(
      tx,
      `delete from door_attempts where (at, id) <= (
         select at, id from door_attempts order by at desc, id desc offset ${KEPT} limit 1)`,
    );
  }

  /** The newest, newest first. */
  async newest(tx: Tx, limit: number): Promise<DoorAttempt[]> {
    const rows = await query<Omit<DoorAttempt, 'at'> & { at: Date }>(
      tx,
      `select id, kind, at, count, address, phone_number_id as "phoneNumberId" from door_attempts
       order by at desc, id desc limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  async lastOf(tx: Tx, kind: DoorAttemptKind): Promise<Date | null> {
    const [row] = await query<{ at: Date }>(tx, 'select at from door_marks where kind = $1', [kind]);
    return row?.at ?? null;
  }
}
