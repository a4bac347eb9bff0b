/** More than three Meta numbers at their ceiling, and requests queueing on average: storing is all that can be done. */
const FLOODED_PER_SECOND = 3_000;
const FLOODED_REQUESTS = 12;
const WINDOW_MS = 100;

/**
 * Tells a flood by how many requests come and how many are at the door, over the last moments: one pause of the
 * process, after which many wait for an instant, is no flood, and neither is a brisk rate that the door copes with.
 */
export class FloodGauge {
  private inside = 0;
  private sinceMs = 0;
  private entered = 0;
  private requestMs = 0;
  private windowStartedAtMs = 0;
  private wasFlooded = false;

  enter(nowMs = performance.now()): void {
    this.advance(nowMs);
    this.inside += 1;
    this.entered += 1;
  }

  leave(nowMs = performance.now()): void {
    this.advance(nowMs);
    this.inside -= 1;
  }

  isFlooded(nowMs = performance.now()): boolean {
    this.advance(nowMs);
    return this.wasFlooded;
  }

  private advance(nowMs: number): void {
    this.requestMs += this.inside * (nowMs - this.sinceMs);
    this.sinceMs = nowMs;
    const elapsedMs = nowMs - this.windowStartedAtMs;
    if (elapsedMs < WINDOW_MS) return;
    const perSecond = (this.entered * 1_000) / elapsedMs;
    this.wasFlooded = perSecond >= FLOODED_PER_SECOND && this.requestMs / elapsedMs >= FLOODED_REQUESTS;
    this.windowStartedAtMs = nowMs;
    this.requestMs = 0;
    this.entered = 0;
  }
}
