import type pg from 'pg';
import { TABLES } from './tables.ts';

/** What is put back after the load; in the database itself, so that an interrupted run can be taken up again. */
const PENDING = 'growth_seed_pending';

interface Definition {
  drop: string;
  make: string;
}

/** Whether an earlier run ended in the middle. */
export async function hasPending(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(`select to_regclass('${PENDING}') is not null as found`);
  return rows[0]?.found === true;
}

/** Takes keys, indexes and triggers off the tables that are filled: one build over all rows is far quicker. */
export async function stripIndexes(client: pg.Client): Promise<void> {
  const definitions = [...(await foreignKeys(client)), ...(await keys(client)), ...(await indexes(client))];
  await client.query('begin');
  await client.query(`create table ${PENDING} (ordinal integer primary key, make text not null)`);
  // Built in the opposite order: indexes, keys, and last what refers to them.
  const makes = definitions.map(({ make }) => make).reverse();
  await client.query(`insert into ${PENDING} select n, make from unnest($1::text[]) with ordinality as t (make, n)`, [
    makes,
  ]);
  for (const { drop } of definitions) await client.query(drop);
  for (const table of TABLES) await client.query(`alter table ${table} disable trigger user`);
  await client.query('commit');
}

/** Builds what was taken off; may be called again after an interruption. */
export async function restoreIndexes(client: pg.Client, onProgress: (done: number, of: number) => void): Promise<void> {
  await client.query(`set maintenance_work_mem = '768MB'; set max_parallel_maintenance_workers = 2`);
  const { rows } = await client.query<{ ordinal: number; make: string }>(
    `select ordinal, make from ${PENDING} order by ordinal`,
  );
  for (const [index, { ordinal, make }] of rows.entries()) {
    await client.query('begin');
    await client.query(make);
    await client.query(`delete from ${PENDING} where ordinal = $1`, [ordinal]);
    await client.query('commit');
    onProgress(index + 1, rows.length);
  }
  for (const table of TABLES) await client.query(`alter table ${table} enable trigger user`);
  await client.query(`drop table ${PENDING}; reset maintenance_work_mem; reset max_parallel_maintenance_workers`);
}

const filled = `any(array[${TABLES.map((table) => `'${table}'::regclass`).join(', ')}])`;

async function foreignKeys(client: pg.Client): Promise<Definition[]> {
  const { rows } = await client.query<Definition>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype = 'f' and (conrelid = ${filled} or confrelid = ${filled}) order by oid`,
  );
  return rows;
}

async function keys(client: pg.Client): Promise<Definition[]> {
  const { rows } = await client.query<Definition>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype in ('p', 'u') and conrelid = ${filled} order by oid`,
  );
  return rows;
}

async function indexes(client: pg.Client): Promise<Definition[]> {
  const { rows } = await client.query<Definition>(
    `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as make
     from pg_index where indrelid = ${filled}
       and not exists (select from pg_constraint k where k.conindid = indexrelid and k.contype in ('p', 'u'))
     order by indexrelid`,
  );
  return rows;
}
