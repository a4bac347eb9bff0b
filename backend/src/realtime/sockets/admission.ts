/** So many handshakes at a time, with a pause in which everything else gets its turn: 400 a second at most. */
const AT_ONCE = 4;
const PAUSE_MS = 10;

/**
 * Lets sockets in at a measured pace, in the order in which they came. After a cut a whole office comes back in the same
 * second; a thousand handshakes side by side would hold up every list that somebody is looking at. The pace suits itself
 * to the machine: while the process is busy its timers are late, and fewer come in.
 */
export class Admission {
  private readonly waiting: { enter: () => void; isGone: () => boolean }[] = [];
  private left = AT_ONCE;
  private timer: NodeJS.Timeout | null = null;

  /** Calls `enter` when its turn has come; never, if it is gone by then. */
  ask(enter: () => void, isGone: () => boolean): void {
    this.waiting.push({ enter, isGone });
    this.letIn();
  }

  private letIn(): void {
    while (this.left > 0) {
      const next = this.waiting.shift();
      if (!next) break;
      if (next.isGone()) continue;
      this.left -= 1;
      next.enter();
    }
    if (this.left < AT_ONCE) this.timer ??= setTimeout(() => this.turn(), PAUSE_MS);
  }

  private turn(): void {
    this.timer = null;
    this.left = AT_ONCE;
    this.letIn();
  }
}
