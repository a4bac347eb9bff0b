import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import type { StoredCall } from './call-facts.js';

/** The timeline entry of a call. */
export interface CallRef {
  conversationId: string;
  entryId: string;
}

/** Calls, as they stand in the lines of their threads. */
@Injectable()
export class CallsRepository {
  /** Calls whose lines exist, by the ids of the lines. */
  async find(tx: Tx, refs: readonly CallRef[]): Promise<Map<string, StoredCall>> {
    if (refs.length === 0) return new Map();
    const rows = await prepared<{ id: string; call: StoredCall }>(
      tx,
      `select t.id, t.call from unnest($1::uuid[], $2::uuid[]) as ref (conversation_id, id)
       join timeline_entries t on t.conversation_id = ref.conversation_id and t.id = ref.id and t.call is not null`,
      [refs.map((ref) => ref.conversationId), refs.map((ref) => ref.entryId)],
    );
    return new Map(rows.map(({ id, call }) => [id, call]));
  }

  /** Writes what is known by now of calls that have a line. */
  async update(tx: Tx, calls: readonly (CallRef & { call: StoredCall })[]): Promise<void> {
    if (calls.length === 0) return;
    await prepared(
      tx,
      `update timeline_entries t set call = n.call, rev = t.rev + 1
       from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as n (conversation_id, id, call)
       where t.conversation_id = n.conversation_id and t.id = n.id`,
      [
        calls.map((call) => call.conversationId),
        calls.map((call) => call.entryId),
        calls.map(({ call }) => JSON.stringify(call)),
      ],
    );
  }
}
