/** So many bodies to a statement, most of the time: requests queue at the door. */
const FLOODED_GROUP = 8;
const GROUPS_SEEN = 9;
/** A last group older than this says nothing about now. */
const STALE_MS = 100;

/**
 * Tells a flood by the size of the last groups of bodies that shared a statement. The median counts, so that one pause
 * of the process, after which many wait at once, is no flood.
 */
export class FloodGauge {
  private readonly sizes: number[] = [];
  private lastAtMs = -Infinity;

  note(groupSize: number, nowMs = performance.now()): void {
    this.sizes.push(groupSize);
    if (this.sizes.length > GROUPS_SEEN) this.sizes.shift();
    this.lastAtMs = nowMs;
  }

  isFlooded(nowMs = performance.now()): boolean {
    if (this.sizes.length < GROUPS_SEEN || nowMs - this.lastAtMs > STALE_MS) return false;
    const median = [...this.sizes].sort((left, right) => left - right)[Math.floor(GROUPS_SEEN / 2)] ?? 0;
    return median >= FLOODED_GROUP;
  }
}
