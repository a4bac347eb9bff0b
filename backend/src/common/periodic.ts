/** Does the same work again and again, with a pause after each round and never two rounds at once. */
export class Periodic {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly pauseMs: number,
    private readonly work: () => Promise<unknown>,
    /** A round that fails is told; the next one comes all the same. */
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The first round comes after one pause. */
  start(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.running = this.work()
        .then(() => undefined, this.onError)
        .finally(() => this.start());
    }, this.pauseMs);
  }

  /** Begins no further round and waits for the one under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }
}
