import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

/** One figure; `floor` is what the same machine can do at best, measured in the same run. */
export interface Row {
  measure: string;
  value: number | string;
  unit: string;
  p50?: number;
  p95?: number;
  floor?: number;
  ratio?: number;
  target?: string;
  /** What each run gave, where the value is their median. */
  runs?: string;
}

/** Milliseconds by the monotonic clock, with fractions. */
export const nowMs = (): number => performance.now();

/** The value below which `share` (0–1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** p50, p95 and p99 of latencies as rows. */
export const latencyRows = (measure: string, samples: readonly number[], target?: string): Row[] =>
  [0.5, 0.95, 0.99].map((share) => ({
    measure: `${measure} p${String(share * 100)}`,
    value: round(percentile(samples, share)),
    unit: 'ms',
    ...(share === 0.99 && target ? { target } : {}),
  }));

export const round = (value: number): number => Math.round(value * 100) / 100;

/** Keeps the figures of one benchmark beside the machine they were seen on. */
export function writeResults(name: string, rows: readonly Row[]): void {
  const folder = process.env['BENCH_RESULTS'] ?? path.join(import.meta.dirname, '../results');
  mkdirSync(folder, { recursive: true });
  const machine = { cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown', node: process.versions.node };
  writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify({ at: new Date(), machine, rows }, null, 2)}\n`);
  console.table(rows);
}
