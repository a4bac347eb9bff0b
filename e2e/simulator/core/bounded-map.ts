/** A Map that forgets its oldest entry once it holds more than `limit`: the simulator may run for days under load. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly limit: number;
  private readonly forgotten: ((value: V, key: K) => void) | undefined;

  /** `forgotten` hears of each entry pushed out, so that indexes beside the map can follow. */
  constructor(limit: number, forgotten?: (value: V, key: K) => void) {
    super();
    this.limit = limit;
    this.forgotten = forgotten;
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    while (this.size > this.limit) {
      const oldest = this.entries().next();
      if (oldest.done === true) break;
      this.delete(oldest.value[0]);
      this.forgotten?.(oldest.value[1], oldest.value[0]);
    }
    return this;
  }
}
