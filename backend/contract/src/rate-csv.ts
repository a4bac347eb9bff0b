/*
 * Rates as a table of text, pasted or from a file: the same on both ends, so that what the page shows to be right the
 * server takes. Like `constants.ts` it imports no schema: the console takes it as `@parley/contract/rate-csv`.
 */

/** In this order where the first line names no columns. */
export const RATE_COLUMNS = ['effective_from', 'prefix', 'category', 'currency', 'amount'] as const;
export type RateColumn = (typeof RATE_COLUMNS)[number];

export const RATE_LINES_MAX = 5_000;
export const RATE_CSV_MAX_CHARS = 400_000;

/** Digits of a calling code or more, without +; '' = every number that no other rate fits. */
export const RATE_PREFIX = /^[0-9]{0,7}$/;
/** A word of Meta's, as Parley keeps it: small letters, `_` for `-`. */
export const RATE_CATEGORY = /^[a-z][a-z_]{0,39}$/;
export const RATE_CURRENCY = /^[A-Z]{3}$/;
/** Units of the currency with a point, exact to a millionth. */
export const RATE_AMOUNT = /^[0-9]{1,9}(\.[0-9]{1,6})?$/;

/** One rate as text; `amount` in units of the currency. */
export interface RateLine {
  effectiveFrom: string;
  prefix: string;
  category: string;
  currency: string;
  amount: string;
}

/** What is wrong with a line. `value` is what stands there; of a `duplicate` the number of the line that it repeats. */
export interface RateFault {
  /** Counted from 1, as an editor counts. */
  line: number;
  column: RateColumn | null;
  problem: 'missing' | 'malformed' | 'columns' | 'duplicate' | 'too_many';
  value: string;
}

/** A day that the calendar has, `2026-10-01`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The same rate once more: its market, category and day. */
export const rateKey = ({ effectiveFrom, prefix, category }: Omit<RateLine, 'currency' | 'amount'>): string =>
  `${effectiveFrom} ${prefix} ${category}`;

/**
 * Reads lines of `effective_from, prefix, category, currency, amount`, separated by commas, semicolons or tabs; a first
 * line may name them in another order. `*` or nothing as the prefix means every other number. All that is wrong is told,
 * line by line; rates are there for the lines that are right.
 */
export function parseRates(text: string): { rates: RateLine[]; faults: RateFault[] } {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ number: index + 1, line }))
    .filter(({ line }) => line.trim() !== '');
  const separator = separatorOf(lines[0]?.line ?? '');
  const columns = columnsOf(cellsOf(lines[0]?.line ?? '', separator));
  if (columns === 'unknown') {
    return { rates: [], faults: [{ line: 1, column: null, problem: 'columns', value: lines[0]?.line.trim() ?? '' }] };
  }
  const body = columns === null ? lines : lines.slice(1);
  const rates: RateLine[] = [];
  const faults: RateFault[] = [];
  const firstAt = new Map<string, number>();
  for (const { number, line } of body.slice(0, RATE_LINES_MAX)) {
    const read = readLine(cellsOf(line, separator), columns ?? RATE_COLUMNS, number);
    if (read.faults.length > 0) {
      faults.push(...read.faults);
      continue;
    }
    const known = firstAt.get(rateKey(read.rate));
    if (known !== undefined) faults.push({ line: number, column: null, problem: 'duplicate', value: String(known) });
    else {
      firstAt.set(rateKey(read.rate), number);
      rates.push(read.rate);
    }
  }
  const over = body[RATE_LINES_MAX];
  if (over) faults.push({ line: over.number, column: null, problem: 'too_many', value: String(RATE_LINES_MAX) });
  return { rates, faults };
}

function separatorOf(line: string): string {
  return ['\t', ';', ','].find((one) => line.includes(one)) ?? ',';
}

/** Cells of a line; quoted ones may hold the separator and doubled quotes. */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (isQuoted && char === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (char === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  return [...cells, cell.trim()];
}

const isColumn = (name: string): name is RateColumn => (RATE_COLUMNS as readonly string[]).includes(name);

/** The order that a first line gives, null where it is a rate itself, `unknown` where it names what nobody knows. */
function columnsOf(cells: readonly string[]): RateColumn[] | 'unknown' | null {
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[\s-]+/g, '_'));
  if (!names.some(isColumn)) return null;
  const known = names.filter(isColumn);
  return known.length === names.length && new Set(known).size === RATE_COLUMNS.length ? known : 'unknown';
}

const PATTERNS: Readonly<Record<Exclude<RateColumn, 'effective_from'>, RegExp>> = {
  prefix: RATE_PREFIX,
  category: RATE_CATEGORY,
  currency: RATE_CURRENCY,
  amount: RATE_AMOUNT,
};

function readLine(
  cells: readonly string[],
  columns: readonly RateColumn[],
  line: number,
): { rate: RateLine; faults: RateFault[] } {
  if (cells.length !== columns.length) {
    const fault = { line, column: null, problem: 'columns' as const, value: cells.join(', ') };
    return { rate: { effectiveFrom: '', prefix: '', category: '', currency: '', amount: '' }, faults: [fault] };
  }
  const cell = (column: RateColumn): string => cells[columns.indexOf(column)] ?? '';
  const values: Record<RateColumn, string> = {
    effective_from: cell('effective_from'),
    prefix: cell('prefix').replace(/^\+/, '').replace(/^\*$/, ''),
    category: cell('category')
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
    currency: cell('currency').toUpperCase(),
    amount: cell('amount'),
  };
  const isRight = (column: RateColumn): boolean =>
    column === 'effective_from' ? isDay(values.effective_from) : PATTERNS[column].test(values[column]);
  const faults = RATE_COLUMNS.filter((column) => !isRight(column)).map((column): RateFault => {
    const value = cell(column);
    return { line, column, problem: value === '' ? 'missing' : 'malformed', value };
  });
  const { effective_from: effectiveFrom, ...rest } = values;
  return { rate: { effectiveFrom, ...rest }, faults };
}
