import type { CostReport, CostSum } from '@parley/contract';

/** What a spreadsheet would run when it opens the file: a name may come from anybody's phone. */
const FORMULA = /^[=+\-@\t\r]/;

/** A report as RFC 4180 has it: one line a row, one column of amounts a currency, an empty cell where there is no sum. */
export function costsCsv({ groupBy, rows, total }: CostReport): string {
  const currencies = total.amounts.map(({ currency }) => currency).sort();
  const counts = ({ messages, billed, free, unknown, amounts }: CostSum): string[] => [
    ...[messages, billed, free, unknown].map(String),
    ...currencies.map((currency) => amounts.find((one) => one.currency === currency)?.amount ?? ''),
  ];
  const header = [
    groupBy,
    'name',
    'messages',
    'billed',
    'free',
    'unknown',
    ...currencies.map((one) => `amount_${one}`),
  ];
  const lines = [
    header,
    ...rows.map((row) => [safe(row.key), safe(row.name ?? ''), ...counts(row)]),
    ['total', '', ...counts(total)],
  ];
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
}

const safe = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
