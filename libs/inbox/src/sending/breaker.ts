import type { Clock } from '@parley/platform/clock';

const WINDOW_MS = 30_000;
const LEAST_CALLS = 10;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 600_000;

/** What a call was admitted as; handed back with how it ended. */
export type Ticket = 'call' | 'probe' | 'file';

/**
 * Spares a provider that fails: opens when half of at least 10 calls within 30 s failed, or the last 10 of them,
 * however many were answered before; then lets one through after 30 s × 2ⁿ, 10 min at most. Not a file: nobody waits for
 * how such a call ends, one goes beside it, and tells as much. One per account and process.
 */
export class Breaker {
  private calls: { at: number; failed: boolean }[] = [];
  private openings = 0;
  private openUntil: number | null = null;
  private probing = false;

  constructor(private readonly clock: Clock) {}

  /** Nothing may start before then; null: calls may start. */
  get shutUntil(): number | null {
    return this.openUntil !== null && this.clock.now() < this.openUntil ? this.openUntil : null;
  }

  /** It remembers nothing. */
  get isIdle(): boolean {
    return this.openUntil === null && this.calls.every((call) => call.at <= this.clock.now() - WINDOW_MS);
  }

  /** How many of the wanted calls may start now. */
  admits(wanted: number): number {
    if (this.openUntil === null) return wanted;
    return this.shutUntil !== null || this.probing ? 0 : Math.min(1, wanted);
  }

  /** It is open: what goes now is tried. */
  get isTrying(): boolean {
    return this.openUntil !== null;
  }

  begin(kind: 'quick' | 'file' = 'quick'): Ticket {
    if (this.openUntil === null) return 'call';
    if (kind === 'file') return 'file';
    this.probing = true;
    return 'probe';
  }

  end(ticket: Ticket, how: 'failed' | 'answered'): void {
    if (ticket === 'probe') this.probing = false;
    if (this.openUntil !== null) {
      if (ticket === 'probe' || (ticket === 'file' && this.shutUntil === null)) this.probed(how);
      return; // calls that were in flight when it opened have nothing to add
    }
    const now = this.clock.now();
    this.calls = this.calls.filter((call) => call.at > now - WINDOW_MS);
    this.calls.push({ at: now, failed: how === 'failed' });
    if (this.calls.length < LEAST_CALLS) return;
    const failures = this.calls.filter((call) => call.failed).length;
    if (failures * 2 >= this.calls.length || this.calls.slice(-LEAST_CALLS).every((call) => call.failed)) this.open();
  }

  private probed(how: 'failed' | 'answered'): void {
    if (how === 'failed') return this.open();
    this.openUntil = null;
    this.openings = 0;
  }

  private open(): void {
    this.openUntil = this.clock.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.openings);
    this.openings++;
    this.calls = [];
  }
}
