/** A delay that can still be called off. */
export interface Timer {
  cancel(): void;
}

interface Pending {
  /** Moment of the machine's monotonic clock, in ms. */
  due: number;
  handle?: NodeJS.Timeout;
  run: () => void;
}

export interface ClockState {
  offsetMs: number;
  scale: number;
}

/**
 * The simulated time. `offsetMs` shifts what "now" is, `scale` makes delays pass faster without moving it.
 * Moving the clock forward brings everything that waits nearer by as much.
 */
export class Clock {
  private readonly pending = new Set<Pending>();

  constructor(private state: ClockState) {}

  /** Milliseconds since 1970, as the simulated world counts them. */
  now(): number {
    return Date.now() + this.state.offsetMs;
  }

  nowSeconds(): number {
    return Math.floor(this.now() / 1000);
  }

  get scale(): number {
    return this.state.scale;
  }

  /** Runs once, `delayMs` of simulated time from now. */
  after(delayMs: number, run: () => void): Timer {
    const entry: Pending = { due: performance.now() + delayMs / this.state.scale, run };
    this.pending.add(entry);
    this.arm(entry);
    return { cancel: () => this.forget(entry) };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Waits for something, but no longer than so much simulated time. */
  async atMost(delayMs: number, work: Promise<unknown>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.after(delayMs, resolve);
    await Promise.race([work, promise]);
    timer.cancel();
  }

  /** Changes what is given. `now` wins over `offsetMs`. */
  set(change: { now?: number; offsetMs?: number; scale?: number }): ClockState {
    const before = this.state;
    const offsetMs = change.now === undefined ? (change.offsetMs ?? before.offsetMs) : change.now - Date.now();
    this.state = { offsetMs, scale: change.scale ?? before.scale };
    this.rearm(Math.max(0, offsetMs - before.offsetMs), before.scale);
    return this.state;
  }

  stop(): void {
    for (const entry of this.pending) clearTimeout(entry.handle);
    this.pending.clear();
  }

  private rearm(jumpMs: number, oldScale: number): void {
    const now = performance.now();
    for (const entry of this.pending) {
      const leftMs = (entry.due - now) * oldScale - jumpMs;
      entry.due = now + leftMs / this.state.scale;
      clearTimeout(entry.handle);
      this.arm(entry);
    }
  }

  private arm(entry: Pending): void {
    const wait = Math.max(0, entry.due - performance.now());
    entry.handle = setTimeout(() => this.fire(entry), Math.min(wait, LONGEST_TIMEOUT_MS));
  }

  private fire(entry: Pending): void {
    if (entry.due - performance.now() > 1) return this.arm(entry); // longer than one timeout can hold
    this.pending.delete(entry);
    entry.run();
  }

  private forget(entry: Pending): void {
    clearTimeout(entry.handle);
    this.pending.delete(entry);
  }
}

/** setTimeout holds at most 2^31 - 1 ms. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;
