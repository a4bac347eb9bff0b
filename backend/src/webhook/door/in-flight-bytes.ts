/** What one request holds of the memory for bodies that are not stored yet. */
export interface Hold {
  /** Takes `bytes` more; false = there is no room, in all or for this source. */
  take(bytes: number): boolean;
  /** Gives everything back; calling it again does nothing. */
  release(): void;
}

/** Bounds the bytes of bodies in flight, in all and for each source address, so that nobody can fill the memory. */
export class InFlightBytes {
  private total = 0;
  private readonly bySource = new Map<string, number>();

  constructor(
    private readonly maxBytes: number,
    private readonly maxBytesPerSource: number,
  ) {}

  get bytes(): number {
    return this.total;
  }

  open(source: string): Hold {
    let held = 0;
    return {
      take: (bytes) => {
        const ofSource = (this.bySource.get(source) ?? 0) + bytes;
        if (this.total + bytes > this.maxBytes || ofSource > this.maxBytesPerSource) return false;
        this.total += bytes;
        this.bySource.set(source, ofSource);
        held += bytes;
        return true;
      },
      release: () => {
        if (held === 0) return;
        this.total -= held;
        const left = (this.bySource.get(source) ?? 0) - held;
        if (left > 0) this.bySource.set(source, left);
        else this.bySource.delete(source);
        held = 0;
      },
    };
  }
}
