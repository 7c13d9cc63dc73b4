import type { Pacing } from '@parley/channels/provider';
import type { Clock } from '@parley/platform/clock';
import { Breaker } from './breaker';

/** Longer waits are for the sweeper: a row's due time is what counts. */
const LONGEST_SLEEP_MS = 60_000;
const LEAST_SLOTS = 10;
/** Of calls that hand over a file: on a slow line each takes minutes, and the more there are, the longer. */
const FILE_SLOTS = 3;
/** From one token of a pace to the next; a rest that a provider asks for is longer. */
const LONGEST_STEP_MS = 1_000;

/** What one process remembers of an account that it sends for. */
export class SendingAccount {
  tenantId: string | undefined;
  pacing: Pacing = { account: { perSecond: 1, burst: 1 } };
  /** Calls that run, those with a file apart: they hold up no others. */
  readonly running = { quick: 0, files: 0 };
  /** Something changed while it was looked at. */
  again = false;
  /** Something is due for which no call may start yet: whoever ends one comes back. */
  waits = false;
  pumping: Promise<void> | null = null;
  /** Its credentials were refused: no call begins. `stored`: the database says so too, until somebody goes on. */
  halted: 'no' | 'storing' | 'stored' = 'no';
  readonly breaker: Breaker;
  private restsUntilMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private wakesAtMs = Infinity;

  constructor(
    readonly id: string,
    private readonly clock: Clock,
    /** Looks at it again. */
    readonly wake: () => void,
  ) {
    this.breaker = new Breaker(clock);
  }

  /** Calls that may start now: half a second of its pace, at least 10, less those that run, as far as the breaker lets them. */
  get slots(): { quick: number; files: number } {
    const { quick, files } = this.running;
    const all = Math.max(LEAST_SLOTS, Math.ceil(this.pacing.account.perSecond / 2));
    return {
      quick: this.breaker.admits(Math.max(0, all - quick)),
      files: Math.max(0, (this.breaker.isTrying ? 1 : FILE_SLOTS) - files),
    };
  }

  /** How long nothing of it may go out, by its pace or its provider's wish. */
  get restsMs(): number {
    return Math.max(0, this.restsUntilMs - this.clock.now());
  }

  /** Nothing may go out before the next token, which is near: whoever looks now would find nothing to do. */
  get isPacing(): boolean {
    return this.restsMs > 0 && this.restsMs <= LONGEST_STEP_MS;
  }

  restFor(ms: number): void {
    this.restsUntilMs = Math.max(this.restsUntilMs, this.clock.now() + ms);
    this.wakeIn(ms);
  }

  /** The earliest of several wins. */
  wakeIn(ms: number): void {
    const at = performance.now() + Math.max(0, ms);
    if (ms > LONGEST_SLEEP_MS || at >= this.wakesAtMs) return;
    clearTimeout(this.timer);
    this.wakesAtMs = at;
    this.timer = setTimeout(() => {
      this.sleep();
      this.wake();
    }, ms);
  }

  sleep(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wakesAtMs = Infinity;
  }

  /** Nothing is lost by forgetting it. */
  get isIdle(): boolean {
    const { quick, files } = this.running;
    const busy = quick + files > 0 || this.pumping !== null || this.timer !== undefined;
    return !busy && this.halted === 'no' && this.restsMs === 0 && this.breaker.isIdle;
  }
}
