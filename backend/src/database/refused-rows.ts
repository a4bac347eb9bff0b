import type pg from 'pg';

/** The store is asked so often at most which rows it refuses: the transaction that asks holds back what screens are told. */
const MAX_QUESTIONS = 128;

/** A statement as `prepared()` sends it. */
interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

/**
 * Runs a statement over arrays (each parameter that is one has a place for every row) and, when the store refuses it, asks
 * for parts of the rows until those that it refuses stand alone. What they say is put into `refused`, a list of values for
 * each; the error comes out as it is. Nothing is put there when the parameters do not say what a row is.
 *
 * To be called in a transaction that is taken back: what is asked leaves no effect, but the statement itself has its own.
 */
export async function runTellingRows<Row extends object>(
  client: pg.ClientBase,
  statement: Statement,
  refused: unknown[][],
): Promise<Row[]> {
  const count = rowCountOf(statement.values);
  if (count === 0) return (await client.query<Row>(statement)).rows;
  await client.query('savepoint told');
  try {
    return (await client.query<Row>(statement)).rows;
  } catch (error) {
    await client.query('rollback to told');
    for (const row of await refusedRows(client, statement, count)) refused.push(valuesOf(statement.values, row));
    throw error;
  }
}

/** How many rows the arrays hold; 0 when there are none, or they differ. */
function rowCountOf(values: readonly unknown[]): number {
  const lengths = new Set(values.filter(Array.isArray).map(({ length }) => length));
  const [only = 0] = lengths;
  return lengths.size === 1 ? only : 0;
}

const valuesOf = (values: readonly unknown[], row: number): unknown[] =>
  values.filter(Array.isArray).map((column) => (column as unknown[])[row]);

/** Halves what is refused; a half whose sister is taken need not be asked for. */
async function refusedRows(client: pg.ClientBase, statement: Statement, count: number): Promise<number[]> {
  let questions = 0;
  const isRefused = async (from: number, to: number): Promise<boolean> => {
    questions += 1;
    const part = (value: unknown): unknown => (Array.isArray(value) ? value.slice(from, to) : value);
    const isTaken = await client.query({ ...statement, values: statement.values.map(part) }).then(
      () => true,
      () => false,
    );
    await client.query('rollback to told');
    return !isTaken;
  };
  const found: number[] = [];
  const halve = async (from: number, to: number): Promise<void> => {
    if (to - from === 1) found.push(from);
    if (to - from <= 1 || questions >= MAX_QUESTIONS) return;
    const middle = (from + to) >>> 1;
    const isInFirst = await isRefused(from, middle);
    if (isInFirst) await halve(from, middle);
    if (!isInFirst || (await isRefused(middle, to))) await halve(middle, to);
  };
  await halve(0, count);
  return found;
}
