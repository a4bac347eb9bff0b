const REDRAW_MS = 500;
const LINE_EVERY_MS = 15_000;

/** One step of the work on the terminal: how far, how fast, how long still. Without a terminal a line now and then. */
export class Progress {
  private readonly label: string;
  private readonly total: number | null;
  private readonly unit: string;
  private readonly startedAt = performance.now();
  private toldAt = 0;

  constructor(label: string, unit: string, total: number | null = null) {
    this.label = label;
    this.unit = unit;
    this.total = total;
  }

  /** How many are done in all. */
  readonly to = (done: number): void => {
    const now = performance.now();
    if (now - this.toldAt < (process.stdout.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return;
    this.toldAt = now;
    const rate = done / ((now - this.startedAt) / 1_000);
    const rest = this.total === null ? '' : `, ${seconds((this.total - done) / rate)} to go`;
    const of = this.total === null ? '' : ` of ${this.total.toLocaleString('en')}`;
    const pace = `${Math.round(rate).toLocaleString('en')} ${this.unit} a second${rest}`;
    const text = `  … ${this.label}: ${done.toLocaleString('en')}${of} (${pace})`;
    process.stdout.write(process.stdout.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  };

  end(remark = ''): void {
    const took = seconds((performance.now() - this.startedAt) / 1_000);
    process.stdout.write(
      `${process.stdout.isTTY ? '\r\u001b[K' : ''}✓ ${this.label}${remark && ` (${remark})`}  ${took}\n`,
    );
  }
}

const seconds = (value: number): string =>
  value < 90 ? `${value.toFixed(1)} s` : `${String(Math.floor(value / 60))} min ${String(Math.round(value % 60))} s`;
