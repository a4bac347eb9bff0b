import { Injectable } from '@nestjs/common';
import type { ContactMergeListQuery, ContactNames, MergeContact } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';
import { onlyBsuidOf } from '../contact-ids.sql.js';

/** A merge that is due, under its row lock. */
export interface DueMerge {
  id: string;
  fromContactId: string;
  intoContactId: string;
  reason: string;
  /** An admin accepted it. */
  decidedById: string | null;
}

/** One of the two, not named yet. */
export type MergeContactView = Omit<MergeContact, 'name'> & Pick<ContactNames, 'name' | 'bsuid'>;

/** A merge as an admin sees it. */
export interface MergeView {
  id: string;
  state: ContactMergeListQuery['state'];
  reason: string;
  from: MergeContactView;
  into: MergeContactView;
  attempts: number;
  error: string | null;
  decidedById: string | null;
  decidedByName: string | null;
  createdAt: Date;
  settledAt: Date | null;
}

const LISTED = 100;
const MAX_ERROR_CHARS = 500;

const contactJson = (id: string): string => `
  (select json_build_object('id', p.id, 'name', p.name, 'username', p.username, 'phone', p.phone,
      'bsuid', ${onlyBsuidOf('p')}, 'createdAt', p.created_at, 'conversationIds', coalesce((
        select json_agg(t.id order by t.id) from conversations t
        where t.contact_id = p.id and t.kind = 'direct' and t.merged_into_id is null), '[]'))
    from contacts p where p.id = ${id})`;

const VIEW = `
  select g.id, g.state, g.reason, ${contactJson('g.from_contact_id')} as "from",
    ${contactJson('g.into_contact_id')} as "into", g.attempts, g.error, g.decided_by_id as "decidedById",
    (select a.name from agents a where a.id = g.decided_by_id) as "decidedByName", g.created_at as "createdAt",
    g.settled_at as "settledAt"
  from contact_merges g`;

/** The queue of merges: what is due, what became of it, what an admin decides. */
@Injectable()
export class ContactMergesRepository {
  /** The one that has been due longest; those that another instance carries out are left to it. */
  async lockDue(tx: Tx): Promise<DueMerge | null> {
    const [row] = await query<DueMerge>(
      tx,
      `select id, from_contact_id as "fromContactId", into_contact_id as "intoContactId", reason,
         decided_by_id as "decidedById"
       from contact_merges where state = 'noted' and next_at <= app_now()
       order by next_at, id limit 1
       for update skip locked`,
    );
    return row ?? null;
  }

  async settle(tx: Tx, id: string, state: 'done' | 'offered'): Promise<void> {
    await query(
      tx,
      `update contact_merges
       set state = $2, error = null, settled_at = case when $2 = 'done' then app_now() end where id = $1`,
      [id, state],
    );
  }

  /** Something is under way that it must not cut through: soon again, and no failure. */
  async postpone(tx: Tx, id: string, why: string): Promise<void> {
    await query(tx, `update contact_merges set next_at = app_now() + interval '2 seconds', error = $2 where id = $1`, [
      id,
      why,
    ]);
  }

  /** It could not be done: why, and later again, twice as late each time up to an hour. */
  async noteFailure(tx: Tx, id: string, why: string): Promise<void> {
    await query(
      tx,
      `update contact_merges
       set attempts = attempts + 1, error = $2,
           next_at = app_now() + interval '1 second' * least(3600, power(2, least(attempts, 20)))
       where id = $1 and state = 'noted'`,
      [id, why.slice(0, MAX_ERROR_CHARS)],
    );
  }

  /** The newest of a state. */
  async list(tx: Tx, state: ContactMergeListQuery['state']): Promise<MergeView[]> {
    return query<MergeView>(tx, `${VIEW} where g.state = $1 order by g.created_at desc, g.id desc limit ${LISTED}`, [
      state,
    ]);
  }

  async find(tx: Tx, id: string): Promise<MergeView | null> {
    const [row] = await query<MergeView>(tx, `${VIEW} where g.id = $1`, [id]);
    return row ?? null;
  }

  /** What is offered is decided once; false when it is not offered (any more). */
  async decide(tx: Tx, id: string, state: 'noted' | 'refused', agentId: string): Promise<boolean> {
    const rows = await query(
      tx,
      `update contact_merges
       set state = $2, decided_by_id = $3, next_at = app_now(),
           settled_at = case when $2 = 'refused' then app_now() end
       where id = $1 and state = 'offered' returning id`,
      [id, state, agentId],
    );
    return rows.length > 0;
  }
}
