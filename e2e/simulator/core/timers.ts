/** Timers that can all be cancelled at once, when the simulator is reset or closed. */
export class Timers {
  private readonly pending = new Set<NodeJS.Timeout>();

  /** Runs `task` after `delayMs` unless `clear` comes first. */
  after(delayMs: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      task();
    }, delayMs);
    this.pending.add(timer);
  }

  clear(): void {
    for (const timer of this.pending) clearTimeout(timer);
    this.pending.clear();
  }
}
