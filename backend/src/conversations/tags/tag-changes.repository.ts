import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { query, type Tx } from '../../database/database.js';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../conversation.row.js';

/** A tag that conversations are to lose, or to have under another name. */
export interface TagChange {
  id: string;
  from: string;
  to: string | null;
}

/** Renames and removals of tags, carried through all conversations a few hundred at a time. */
@Injectable()
export class TagChangesRepository {
  async note(tx: Tx, from: string, to: string | null): Promise<void> {
    await query(tx, 'insert into tag_changes (id, from_name, to_name) values ($1, $2, $3)', [newId(), from, to]);
  }

  /** The oldest that nobody else is at work on, held until the transaction ends. */
  async take(tx: Tx): Promise<TagChange | null> {
    const [change] = await query<TagChange>(
      tx,
      `select id, from_name as "from", to_name as "to" from tag_changes order by id limit 1 for update skip locked`,
    );
    return change ?? null;
  }

  async end(tx: Tx, id: string): Promise<void> {
    await query(tx, 'delete from tag_changes where id = $1', [id]);
  }

  /** With how many conversations each has yet to reach. */
  async underway(tx: Tx): Promise<(Omit<TagChange, 'id'> & { conversations: number })[]> {
    return query(
      tx,
      `select t.from_name as "from", t.to_name as "to",
         (select count(*) from conversations c
          where c.tags @> array[t.from_name] and cardinality(c.tags) <> 0 and c.merged_into_id is null)::int as conversations
       from tag_changes t order by t.id`,
    );
  }

  /** Rewrites the next conversations that have the tag, under their locks in the order of ids; returns how they were. */
  async rewrite(tx: Tx, { from, to }: TagChange, limit: number): Promise<ConversationRow[]> {
    const rows = await query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c
       where c.id in (select id from conversations
         where tags @> array[$1::text] and cardinality(tags) <> 0 and merged_into_id is null limit $2)
       order by c.id for update`,
      [from, limit],
    );
    await query(
      tx,
      `update conversations set version = version + 1, rev = rev + 1, updated_at = app_now(),
         tags = case when $2::text is null or tags @> array[$2::text] then array_remove(tags, $1)
           else array_replace(tags, $1, $2) end
       where id = any($3::uuid[])`,
      [from, to, rows.map(({ id }) => id)],
    );
    return rows;
  }
}
