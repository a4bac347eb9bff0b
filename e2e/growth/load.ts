import pg from 'pg';
import { WideRandom } from './wide-random.ts';
import { CopyIn } from './copy-in.ts';
import type { GrowthPlan, Population } from './plan.ts';
import { columnsOf, TABLES, type Table } from './tables.ts';
import { threadRows, type Timed } from './thread.ts';

/** Threads whose messages are mixed by time before they are written, as arrival mixes them. */
const BATCH = 10_000;
/** Threads after which progress is told. */
const TOLD_EVERY = 1_000;

/** Fills the emptied tables, each over a connection of its own; returns how many messages that made. */
export async function loadThreads(
  url: string,
  plan: GrowthPlan,
  people: Population,
  onProgress: (conversations: number) => void,
): Promise<number> {
  const clients: pg.Client[] = [];
  try {
    const copies = {} as Record<Table, CopyIn>;
    for (const table of TABLES) {
      const client = new pg.Client({ connectionString: url });
      clients.push(client);
      await client.connect();
      await client.query('begin');
      // Emptied in the same transaction: the rows may be written frozen, and no later vacuum has to.
      await client.query(`truncate ${table}`);
      copies[table] = await CopyIn.begin(client, table, columnsOf(table));
    }
    const messages = await writeThreads(copies, plan, people, onProgress);
    for (const copy of Object.values(copies)) await copy.end();
    for (const client of clients) await client.query('commit');
    return messages;
  } finally {
    for (const client of clients) await client.end().catch(() => undefined);
  }
}

async function writeThreads(
  copies: Record<Table, CopyIn>,
  plan: GrowthPlan,
  people: Population,
  onProgress: (conversations: number) => void,
): Promise<number> {
  let written = 0;
  for (let from = 0; from < plan.conversations; from += BATCH) {
    const messages: Timed[] = [];
    const to = Math.min(from + BATCH, plan.conversations);
    for (let index = from; index < to; index += 1) {
      const rows = threadRows(plan, people, new WideRandom(plan.seed, index), index);
      for (const [table, lines] of Object.entries(rows.lines)) {
        const full = copies[table as Table].add(lines);
        if (full) await full;
      }
      messages.push(...rows.messages);
      if ((index + 1) % TOLD_EVERY === 0) onProgress(index + 1);
    }
    messages.sort((left, right) => left.atMs - right.atMs);
    for (const { line } of messages) {
      const full = copies.messages.add(line);
      if (full) await full;
    }
    written += messages.length;
  }
  onProgress(plan.conversations);
  return written;
}
