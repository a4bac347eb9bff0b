import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../../database/database.js';

/** Every tag once, in one spelling. */
@Injectable()
export class TagsRepository {
  async all(tx: Tx): Promise<string[]> {
    const rows = await query<{ name: string }>(
      tx,
      'select name from tags order by name collate "und-x-icu" limit 1000',
    );
    return rows.map(({ name }) => name);
  }

  /** These tags in the spelling in which they are known; what is new becomes known. */
  async spell(tx: Tx, names: readonly string[]): Promise<string[]> {
    if (names.length === 0) return [];
    // Sorted, so that two who add the same new tags wait for each other in one order.
    const wanted = [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].sort();
    await query(tx, 'insert into tags (name) select * from unnest($1::text[]) on conflict do nothing', [wanted]);
    return this.known(tx, wanted);
  }

  /** The known spelling of these; unknown ones are left out. */
  async known(tx: Tx, names: readonly string[]): Promise<string[]> {
    const rows = await query<{ name: string }>(
      tx,
      'select name from tags where lower(name) = any(select lower(name) from unnest($1::text[]) as given (name))',
      [names],
    );
    return rows.map(({ name }) => name);
  }

  /** The thousand that most conversations have, by name. */
  async usage(tx: Tx): Promise<{ name: string; conversations: number }[]> {
    return query(
      tx,
      `select * from (
         select t.name, coalesce(used.conversations, 0)::int as conversations
         from tags t left join (
           select tag, count(*) as conversations from conversations cross join lateral unnest(tags) as tag
           where tags <> '{}' and merged_into_id is null group by tag
         ) used on used.tag = t.name
         order by conversations desc limit 1000) most
       order by name collate "und-x-icu"`,
    );
  }

  /** False = there is one of this name. */
  async insert(tx: Tx, name: string): Promise<boolean> {
    const rows = await query(tx, 'insert into tags (name) values ($1) on conflict do nothing returning name', [name]);
    return rows.length > 0;
  }

  /** The known spelling, held until the transaction ends; null when there is no such tag. */
  async lock(tx: Tx, name: string): Promise<string | null> {
    const [row] = await query<{ name: string }>(tx, 'select name from tags where lower(name) = lower($1) for update', [
      name,
    ]);
    return row?.name ?? null;
  }

  async rename(tx: Tx, name: string, to: string): Promise<void> {
    await query(tx, 'update tags set name = $2 where name = $1', [name, to]);
  }

  async remove(tx: Tx, name: string): Promise<void> {
    await query(tx, 'delete from tags where name = $1', [name]);
  }
}
