/** A sleep that can be cut short; a call that comes while nobody sleeps cuts the next one short. */
export class Signal {
  private isRaised = false;
  private release: (() => void) | null = null;

  raise(): void {
    this.isRaised = true;
    this.release?.();
  }

  /** Resolves when raised or after `timeoutMs`; lowers the signal. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.isRaised) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.release = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.release = null;
    }
    this.isRaised = false;
  }
}
