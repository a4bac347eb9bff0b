import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';

/** A thread in which everything is free until then, as Meta says with a status. */
export interface FreeEntry {
  conversationId: string;
  until: Date;
}

/** Free entry points: the customer came by an advertisement or a page, and the business answered in time (Meta: pricing). */
@Injectable()
export class FreeEntriesRepository {
  /** The latest end counts, whatever order they are told in. */
  async note(tx: Tx, entries: readonly FreeEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await prepared(
      tx,
      `with told as (
         select conversation_id, max(until) as until from unnest($1::uuid[], $2::timestamptz[]) as t (conversation_id, until)
         group by conversation_id
       ), held as materialized (
         select id from conversations where id in (select conversation_id from told) order by id for update
       )
       update conversations c set free_until = told.until
       from held join told on told.conversation_id = held.id
       where c.id = held.id and (c.free_until is null or c.free_until < told.until)`,
      [entries.map(({ conversationId }) => conversationId), entries.map(({ until }) => until)],
    );
  }
}
