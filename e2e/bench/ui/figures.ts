import { median, percentile, round, type Row } from '../support/results.ts';

/** One figure of one run; `limit` is what it may be at most. */
export interface Figure {
  measure: string;
  value: number;
  unit: string;
  limit?: number;
}

export const p95 = (samples: readonly number[]): number => percentile(samples, 0.95);

/** p50 without a limit and p95 with it. What never came counts as for ever. */
export function latencies(measure: string, samples: readonly (number | null)[], limit?: number): Figure[] {
  const all = samples.map((sample) => sample ?? Number.POSITIVE_INFINITY);
  return [
    { measure: `${measure}, p50`, value: median(all), unit: 'ms' },
    { measure: `${measure}, p95`, value: p95(all), unit: 'ms', ...(limit === undefined ? {} : { limit }) },
  ];
}

/** The growth of `values` for each step, by least squares. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [over, under] = [0, 0];
  for (const [index, value] of values.entries()) {
    over += (index - middle) * (value - mean);
    under += (index - middle) ** 2;
  }
  return over / under;
}

/** The median of the runs, figure by figure, each with what the runs were. */
export function medians(runs: readonly (readonly Figure[])[]): { rows: Row[]; missed: string[] } {
  const missed: string[] = [];
  const rows = (runs[0] ?? []).map(({ measure, unit, limit }) => {
    const values = runs.flatMap((run) => run.find((figure) => figure.measure === measure)?.value ?? []);
    const value = median(values);
    if (limit !== undefined && !(value <= limit)) missed.push(measure);
    return {
      measure,
      value: round(value),
      unit,
      ...(limit === undefined ? {} : { target: `<= ${String(limit)}` }),
      ...(values.length > 1 ? { runs: values.map((one) => String(round(one))).join(' / ') } : {}),
    };
  });
  return { rows, missed };
}
