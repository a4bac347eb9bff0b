/** Work that others ask for: it runs at once, or once more after the run under way, and never twice at the same time. */
export class Kicked {
  private running: Promise<void> | null = null;
  private isAskedAgain = false;
  private hasStopped = false;

  constructor(
    private readonly work: () => Promise<unknown>,
    /** A run that fails is told; the next one comes all the same. */
    private readonly onError: (error: unknown) => void,
  ) {}

  /** True from the call of `stop` on: a long run ends early then. */
  get isStopped(): boolean {
    return this.hasStopped;
  }

  /** Returns at once. */
  kick(): void {
    if (this.hasStopped) return;
    if (this.running) {
      this.isAskedAgain = true;
      return;
    }
    this.running = this.work()
      .then(() => undefined, this.onError)
      .finally(() => {
        this.running = null;
        if (!this.isAskedAgain) return;
        this.isAskedAgain = false;
        this.kick();
      });
  }

  /** Waits for the run under way, if there is one. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Begins no further run and waits for the one under way. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    await this.running;
  }
}
