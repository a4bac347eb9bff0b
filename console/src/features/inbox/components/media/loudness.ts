/** How many bars a recording is drawn with. */
export const BAR_COUNT = 48;
/** Decoding longer ones costs more than a picture of them is worth. */
const MAX_BYTES = 2_000_000;
const MAX_KEPT = 200;

const known = new Map<string, readonly number[]>();

/** The loudest sample of each of `count` even parts, 0–100, the loudest of all being 100. */
export function barsOf(samples: Float32Array, count = BAR_COUNT): number[] {
  const peaks = Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * samples.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * samples.length) / count));
    let peak = 0;
    for (let at = from; at < to && at < samples.length; at += 1) peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    return peak;
  });
  const loudest = Math.max(...peaks);
  return peaks.map((peak) => (loudest > 0 ? Math.round((peak / loudest) * 100) : 0));
}

/** As many bars as are drawn, from however many are known. */
export function resample(bars: readonly number[], count = BAR_COUNT): number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * bars.length) / count);
    const to = Math.max(from + 1, Math.ceil(((bar + 1) * bars.length) / count));
    return Math.max(0, ...bars.slice(from, to));
  });
}

/** Bars of a recording by its bytes; null where this browser cannot decode them. */
export async function fetchBars(fileId: string, url: string, size: number | null): Promise<readonly number[] | null> {
  const kept = known.get(fileId);
  if (kept || size === null || size > MAX_BYTES) return kept ?? null;
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) return null;
    const context = new OfflineAudioContext(1, 1, 48_000);
    const decoded = await context.decodeAudioData(await response.arrayBuffer());
    const bars = barsOf(decoded.getChannelData(0));
    if (known.size >= MAX_KEPT) known.clear();
    known.set(fileId, bars);
    return bars;
  } catch {
    return null;
  }
}
