/** Above this, storing has the machine to itself: a rate that no Meta number reaches (1,000 a second). */
const FLOOD_PER_SECOND = 5_000;
const WINDOW_MS = 200;

/** Tells a flood of deliveries by their rate over the last moments. */
export class FloodGauge {
  private windowStartedAtMs = 0;
  private inWindow = 0;
  private lastRate = 0;

  count(deliveries: number, nowMs = performance.now()): void {
    this.roll(nowMs);
    this.inWindow += deliveries;
  }

  isFlooded(nowMs = performance.now()): boolean {
    this.roll(nowMs);
    return this.lastRate >= FLOOD_PER_SECOND;
  }

  private roll(nowMs: number): void {
    const elapsedMs = nowMs - this.windowStartedAtMs;
    if (elapsedMs < WINDOW_MS) return;
    this.lastRate = (this.inWindow * 1_000) / elapsedMs;
    this.windowStartedAtMs = nowMs;
    this.inWindow = 0;
  }
}
