/** Numbers from a seed, the same in every run (mulberry32): what fails once fails again. */
export class Random {
  constructor(private state: number) {}

  /** At least 0, below `end`. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  /** Throws for an empty list. */
  pick<Value>(list: readonly Value[]): Value {
    if (list.length === 0) throw new Error('Nothing to pick from');
    return list[this.below(list.length)] as Value; // in range
  }
}
