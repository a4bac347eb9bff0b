import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import { IdentityRaceError } from './identities.repository.js';
import type { PersonState } from './person-state.js';

/** What is kept of contacts beside their names and ids. */
@Injectable()
export class PersonStatesRepository {
  /**
   * Under their locks, in the order of ids.
   * @throws IdentityRaceError when one of them became part of another meanwhile
   */
  async lock(tx: Tx, ids: readonly string[]): Promise<Map<string, PersonState>> {
    if (ids.length === 0) return new Map();
    const rows = await prepared<PersonState & { id: string; isMerged: boolean }>(
      tx,
      `select id, merged_into_id is not null as "isMerged", marketing_stopped as "marketingStopped",
         marketing_told_at as "marketingToldAt", identity_hash as "identityHash", identity_hash_at as "identityHashAt"
       from contacts where id = any($1::uuid[]) order by id for update`,
      [ids],
    );
    if (rows.some(({ isMerged }) => isMerged)) throw new IdentityRaceError('a contact was merged meanwhile');
    return new Map(rows.map(({ id, isMerged: _isMerged, ...state }) => [id, state]));
  }

  async save(tx: Tx, people: ReadonlyMap<string, PersonState>): Promise<void> {
    if (people.size === 0) return;
    const state = [...people.values()];
    await prepared(
      tx,
      `update contacts c
       set marketing_stopped = t.stopped, marketing_told_at = t.told_at, identity_hash = t.hash,
           identity_hash_at = t.hash_at, updated_at = app_now()
       from unnest($1::uuid[], $2::boolean[], $3::timestamptz[], $4::text[], $5::timestamptz[])
         as t (id, stopped, told_at, hash, hash_at)
       where c.id = t.id`,
      [
        [...people.keys()],
        state.map(({ marketingStopped }) => marketingStopped),
        state.map(({ marketingToldAt }) => marketingToldAt),
        state.map(({ identityHash }) => identityHash),
        state.map(({ identityHashAt }) => identityHashAt),
      ],
    );
  }
}
