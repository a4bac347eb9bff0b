/**
 * What is under way, where thousands come and go every second. A `Set` would do, but for one thing: with every few dozen
 * additions it makes a new table, the dead tables form a chain, and once one of them has grown old each keeps the next
 * alive with all that it held, so that the collector moves every request of the door to the old generation.
 */
export class Slots<Item extends object> {
  private readonly items: (Item | undefined)[] = [];
  private readonly free: number[] = [];

  /** Adds an item; the number takes it out again. */
  add(item: Item): number {
    const slot = this.free.pop() ?? this.items.length;
    this.items[slot] = item;
    return slot;
  }

  /** Takes the item of this number out; once, as the number is given to another. */
  remove(slot: number): void {
    this.items[slot] = undefined;
    this.free.push(slot);
  }

  values(): Item[] {
    return this.items.filter((item) => item !== undefined);
  }
}
