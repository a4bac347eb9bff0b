import pg from 'pg';
import { loadThreads } from './load.ts';
import { population, type GrowthPlan, type Population } from './plan.ts';
import { insertEvents, insertPopulation } from './population.ts';
import { Progress } from './progress.ts';
import { hasPending, restoreIndexes, stripIndexes } from './schema.ts';
import { TABLES } from './tables.ts';

/** Everything that people, numbers and customers ever wrote; the schema and what a consumer knows of itself stay. */
const EMPTIED = [...TABLES, 'agents', 'teams', 'channels', 'events', 'webhook_deliveries', 'log_consumers'];

/** The database has something in it that nobody said may go. */
export class HoldsDataError extends Error {
  constructor() {
    super(
      'This database holds data. Nothing was changed. Give another one, or say --replace to delete everything in it first.',
    );
  }
}

export interface Grown {
  people: Population;
  messages: number;
  events: number;
  seconds: number;
}

/**
 * Fills a migrated database by the plan.
 * @throws HoldsDataError where there is something and `replace` was not said
 */
export async function grow(url: string, plan: GrowthPlan, { replace = false } = {}): Promise<Grown> {
  const startedAt = performance.now();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const wasInterrupted = await hasPending(client);
    if (!replace && (wasInterrupted || (await holdsData(client)))) throw new HoldsDataError();
    await empty(client, wasInterrupted);
    const people = population(plan);
    await insertPopulation(client, plan, people);
    await stripIndexes(client);

    const loading = new Progress('Conversations', 'conversations', plan.conversations);
    const messages = await loadThreads(url, plan, people, loading.to);
    loading.end(`${messages.toLocaleString('en')} messages`);

    const building = new Progress('Keys and indexes', 'steps');
    await restoreIndexes(client, (done) => building.to(done));
    building.end();
    await count(client);

    const analysing = new Progress('Statistics', '');
    await client.query('vacuum (analyze) contacts, conversations, cases, read_cursors, timeline_entries');
    await client.query('analyze');
    analysing.end();

    const logging = new Progress('Events of a week', 'events');
    const events = await insertEvents(client, logging.to);
    await client.query('vacuum (analyze) events');
    logging.end(events.toLocaleString('en'));
    return { people, messages, events, seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await client.end();
  }
}

async function holdsData(client: pg.Client): Promise<boolean> {
  const some = ['contacts', 'conversations', 'messages', 'channels', 'agents'].map(
    (table) => `exists (select from ${table})`,
  );
  const { rows } = await client.query<{ found: boolean }>(`select ${some.join(' or ')} as found`);
  return rows[0]?.found === true;
}

/** What the triggers, which were off, would have kept. */
async function count(client: pg.Client): Promise<void> {
  await client.query(
    `insert into conversation_counts (status, team_id, is_owned, count)
     select status, team_id, assignee_id is not null, count(*) from conversations
     where merged_into_id is null and status <> 'resolved' group by 1, 2, 3`,
  );
}

async function empty(client: pg.Client, wasInterrupted: boolean): Promise<void> {
  await client.query(`truncate ${EMPTIED.join(', ')} cascade`);
  if (wasInterrupted) await restoreIndexes(client, () => undefined);
  // Another history: a cursor from before means nothing now.
  await client.query(`update log_meta set marker = gen_random_uuid(), floor_xid = '0', floor_id = 0`);
}
