import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';
import { CONVERSATION_COLUMNS, type ConversationRow } from '../conversation.row.js';
import type { PersonFacts } from './merge-rules.js';

export interface LockedContact extends PersonFacts {
  id: string;
  mergedIntoId: string | null;
}

/** The two people of a merge: who they are by now, their locks, what goes from one to the other. */
@Injectable()
export class MergedContactsRepository {
  /** Who this contact has become, at the end of every merge it was part of. */
  async follow(tx: Tx, id: string): Promise<string> {
    const [row] = await query<{ id: string }>(
      tx,
      `with recursive chain as (
         select id, merged_into_id, 1 as step from contacts where id = $1
         union all
         select c.id, c.merged_into_id, chain.step + 1 from chain join contacts c on c.id = chain.merged_into_id
         where chain.step < 1000
       )
       select id from chain where merged_into_id is null`,
      [id],
    );
    if (!row) throw new Error(`contact ${id} is not there, or its merges go in a circle`);
    return row.id;
  }

  /** Both, in the order of ids. */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedContact>> {
    const rows = await query<LockedContact>(
      tx,
      `select id, merged_into_id as "mergedIntoId", name, named_at as "namedAt", username, username_at as "usernameAt",
         phone, language, attributes
       from contacts
       where id = any($1::uuid[]) order by id for update`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Every conversation of theirs, as it stands; nothing is locked. */
  async conversations(tx: Tx, contactIds: readonly string[]): Promise<ConversationRow[]> {
    return query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c where c.contact_id = any($1::uuid[]) order by c.id`,
      [contactIds],
    );
  }

  /** Every conversation of theirs and whatever was merged into one of them, locked in the order of ids. */
  async lockConversations(tx: Tx, contactIds: readonly string[]): Promise<ConversationRow[]> {
    return query<ConversationRow>(
      tx,
      `select ${CONVERSATION_COLUMNS} from conversations c
       where c.contact_id = any($1::uuid[])
         or c.merged_into_id in (select id from conversations where contact_id = any($1::uuid[]))
       order by c.id for update`,
      [contactIds],
    );
  }

  /** Whether both have an id of their own in one portfolio: two people, as far as Meta says. */
  async haveRivalIds(tx: Tx, fromId: string, intoId: string): Promise<boolean> {
    const rows = await query(
      tx,
      `select 1 as found from contact_identities a
       join contact_identities b on b.kind = 'bsuid' and b.scope = a.scope and b.contact_id = $2 and b.retired_at is null
       where a.kind = 'bsuid' and a.contact_id = $1 and a.retired_at is null limit 1`,
      [fromId, intoId],
    );
    return rows.length > 0;
  }

  /** `from` is part of `into`, who is known by all its ids and by what was empty. */
  async join(tx: Tx, fromId: string, intoId: string, facts: PersonFacts, now: Date): Promise<void> {
    await query(tx, 'update contacts set merged_into_id = $2, updated_at = $3 where id = $1', [fromId, intoId, now]);
    await query(
      tx,
      `update contacts c
       set name = $2, username = $3, phone = $4, language = $5, attributes = $6, updated_at = $7,
           named_at = $9, username_at = $10,
           attribute_times = f.attribute_times || c.attribute_times,
           marketing_stopped = case when f.marketing_told_at > coalesce(c.marketing_told_at, '-infinity')
                                    then f.marketing_stopped else c.marketing_stopped end,
           marketing_told_at = greatest(c.marketing_told_at, f.marketing_told_at),
           identity_hash = case when f.identity_hash_at > coalesce(c.identity_hash_at, '-infinity')
                                then f.identity_hash else c.identity_hash end,
           identity_hash_at = greatest(c.identity_hash_at, f.identity_hash_at)
       from contacts f where c.id = $1 and f.id = $8`,
      [
        intoId,
        facts.name,
        facts.username,
        facts.phone,
        facts.language,
        JSON.stringify(facts.attributes),
        now,
        fromId,
        facts.namedAt,
        facts.usernameAt,
      ],
    );
    await query(tx, 'update contact_identities set contact_id = $2 where contact_id = $1', [fromId, intoId]);
  }

  /** What `from` said and did in these threads was `into`. Of two reactions to one message the newer stays. */
  async renameSender(tx: Tx, conversationIds: readonly string[], fromId: string, intoId: string): Promise<void> {
    const names = [conversationIds, fromId, intoId];
    await query(
      tx,
      `update messages set sender_id = $3, rev = rev + 1
       where conversation_id = any($1::uuid[]) and sender_type = 'contact' and sender_id = $2`,
      names,
    );
    await query(
      tx,
      `update timeline_entries set actor_id = $3
       where conversation_id = any($1::uuid[]) and actor_type = 'contact' and actor_id = $2`,
      names,
    );
    await query(
      tx,
      `delete from message_reactions r using message_reactions o
       where r.conversation_id = any($1::uuid[]) and r.actor_type = 'contact' and r.actor_id in ($2, $3)
         and o.conversation_id = r.conversation_id and o.message_id = r.message_id and o.actor_type = 'contact'
         and o.actor_id in ($2, $3) and o.actor_id <> r.actor_id
         and (r.event_at, r.actor_id) < (o.event_at, o.actor_id)`,
      names,
    );
    await query(
      tx,
      `update message_reactions set actor_id = $3
       where conversation_id = any($1::uuid[]) and actor_type = 'contact' and actor_id = $2`,
      names,
    );
  }
}
