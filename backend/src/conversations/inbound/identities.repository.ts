import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids.js';
import { prepared, type Tx } from '../../database/database.js';
import { formsOfKey, identityText, type IdentityRow } from './identity-keys.js';
import { IdentityPlan, type ContactRow } from './identity-plan.js';
import { WaitingItemsRepository } from './waiting-items.repository.js';

/** Another transaction gave one of these ids to somebody first: the whole transaction is repeated and sees it. */
export class IdentityRaceError extends Error {
  /** A serialisation failure, as far as the transaction's retry is concerned. */
  readonly code = '40001';
}

type JoinedRow = IdentityRow & Omit<ContactRow, 'id'>;

/** Who is known by which id of Meta's. */
@Injectable()
export class IdentitiesRepository {
  constructor(private readonly waiting: WaitingItemsRepository) {}

  /** A plan over everything that is known of the people behind these keys. */
  async plan(tx: Tx, named: readonly Pick<IdentityRow, 'kind' | 'scope' | 'value'>[]): Promise<IdentityPlan> {
    if (named.length === 0) return new IdentityPlan([], new Map());
    const keys = named.flatMap(formsOfKey);
    const rows = await prepared<JoinedRow>(
      tx,
      `with touched as (
         select distinct i.contact_id
         from unnest($1::text[], $2::text[], $3::text[]) as k (kind, scope, value)
         join contact_identities i using (kind, scope, value)
       )
       select i.kind, i.scope, i.value, i.contact_id as "contactId", i.told_at as "toldAt", i.retired_at as "retiredAt",
         c.name, c.username, c.phone, c.named_at as "namedAt", c.username_at as "usernameAt"
       from touched join contact_identities i using (contact_id) join contacts c on c.id = i.contact_id`,
      [keys.map((key) => key.kind), keys.map((key) => key.scope), keys.map((key) => key.value)],
    );
    const contacts = new Map<string, ContactRow>();
    const identities = rows.map(({ name, username, phone, namedAt, usernameAt, ...row }) => {
      contacts.set(row.contactId, { id: row.contactId, name, username, phone, namedAt, usernameAt });
      return row;
    });
    return new IdentityPlan(identities, contacts);
  }

  /**
   * Writes what the plan decided, and wakes the changes of ids that waited for one of them.
   * @throws IdentityRaceError
   */
  async save(tx: Tx, plan: IdentityPlan): Promise<void> {
    await this.saveContacts(tx, plan);
    const { inserted, moved } = plan.changes();
    const sorted = inserted.sort((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
    if (sorted.length > 0) {
      const rows = await prepared(
        tx,
        `insert into contact_identities (kind, scope, value, contact_id, told_at, retired_at)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
         on conflict do nothing returning contact_id`,
        columnsOf(sorted),
      );
      if (rows.length !== sorted.length) throw new IdentityRaceError('an identity was taken meanwhile');
    }
    if (moved.length > 0) {
      const rows = await prepared(
        tx,
        `update contact_identities i
         set contact_id = m.contact_id, told_at = m.told_at, retired_at = m.retired_at
         from unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::uuid[],
           $8::timestamptz[], $9::timestamptz[])
           as m (kind, scope, value, contact_id, told_at, retired_at, was_of, was_told_at, was_retired_at)
         where (i.kind, i.scope, i.value, i.contact_id) = (m.kind, m.scope, m.value, m.was_of)
           -- A Date has no microseconds.
           and date_trunc('milliseconds', i.told_at) is not distinct from m.was_told_at
           and date_trunc('milliseconds', i.retired_at) is not distinct from m.was_retired_at
         returning i.contact_id`,
        [
          ...columnsOf(moved.map(({ row }) => row)),
          moved.map(({ before }) => before.contactId),
          moved.map(({ before }) => before.toldAt),
          moved.map(({ before }) => before.retiredAt),
        ],
      );
      if (rows.length !== moved.length) throw new IdentityRaceError('an identity was moved meanwhile');
    }
    const written = [...inserted, ...moved.map(({ row }) => row)];
    await this.assertNotMerged(tx, plan, written);
    await this.waiting.wakeForIds(tx, written.flatMap(formsOfKey).map(identityText));
    await this.saveMerges(tx, plan);
  }

  /** An identity of a contact that became part of another would name nobody: the one that it is part of takes it. */
  private async assertNotMerged(tx: Tx, plan: IdentityPlan, written: readonly IdentityRow[]): Promise<void> {
    const known = written.map(({ contactId }) => contactId).filter((id) => !plan.newContactIds.has(id));
    if (known.length === 0) return;
    const merged = await prepared(
      tx,
      'select id from contacts where id = any($1::uuid[]) and merged_into_id is not null limit 1',
      [known],
    );
    if (merged.length > 0) throw new IdentityRaceError('a contact was merged meanwhile');
  }

  private async saveContacts(tx: Tx, plan: IdentityPlan): Promise<void> {
    const rowsOf = (ids: ReadonlySet<string>) =>
      [...ids].sort().flatMap((id) => {
        const contact = plan.contacts.get(id);
        return contact ? [contact] : [];
      });
    const columns = (rows: readonly ContactRow[]) => [
      rows.map((row) => row.id),
      rows.map((row) => row.name),
      rows.map((row) => row.username),
      rows.map((row) => row.phone),
      ...timesOf(rows),
    ];
    if (plan.newContactIds.size > 0) {
      await prepared(
        tx,
        `insert into contacts (id, name, username, phone, named_at, username_at, created_at, updated_at)
         select c.*, app_now(), app_now()
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
           as c (id, name, username, phone, named_at, username_at)`,
        columns(rowsOf(plan.newContactIds)),
      );
    }
    if (plan.changedContactIds.size > 0) {
      await prepared(
        tx,
        `update contacts c
         set name = n.name, username = n.username, phone = n.phone, named_at = n.named_at, username_at = n.username_at,
             updated_at = app_now()
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
           as n (id, name, username, phone, named_at, username_at)
         where c.id = n.id`,
        columns(rowsOf(plan.changedContactIds)),
      );
    }
    const toldAgain = rowsOf(plan.toldAgainContactIds).filter(({ id }) => !plan.changedContactIds.has(id));
    if (toldAgain.length > 0) {
      // Once a minute of a busy customer: no column of an index changes, and nothing that others write is written over.
      await prepared(
        tx,
        `with held as materialized (select id from contacts where id = any($1::uuid[]) order by id for no key update)
         update contacts c
         set named_at = greatest(c.named_at, n.named_at), username_at = greatest(c.username_at, n.username_at)
         from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) as n (id, named_at, username_at)
         join held using (id)
         where c.id = n.id`,
        [toldAgain.map((row) => row.id), ...timesOf(toldAgain)],
      );
    }
  }

  private async saveMerges(tx: Tx, plan: IdentityPlan): Promise<void> {
    if (plan.merges.length === 0) return;
    await prepared(
      tx,
      `insert into contact_merges (id, from_contact_id, into_contact_id, reason, state)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])
       on conflict (from_contact_id, into_contact_id) do nothing`,
      [
        plan.merges.map(() => newId()),
        plan.merges.map((merge) => merge.fromContactId),
        plan.merges.map((merge) => merge.intoContactId),
        plan.merges.map((merge) => merge.reason),
        plan.merges.map((merge) => merge.state),
      ],
    );
  }
}

const timesOf = (rows: readonly ContactRow[]) => [rows.map((row) => row.namedAt), rows.map((row) => row.usernameAt)];

const sortKey = (row: IdentityRow): string => `${row.kind}\u0000${row.scope}\u0000${row.value}`;

const columnsOf = (rows: readonly IdentityRow[]) => [
  rows.map((row) => row.kind),
  rows.map((row) => row.scope),
  rows.map((row) => row.value),
  rows.map((row) => row.contactId),
  rows.map((row) => row.toldAt),
  rows.map((row) => row.retiredAt),
];
