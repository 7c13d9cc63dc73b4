import type { Clock } from '@parley/platform/clock';

/** The system's clock, moved. */
export class TestClock implements Clock {
  private offsetMs = 0;

  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** Milliseconds, forwards or back. */
  advance(ms: number): void {
    this.offsetMs += ms;
  }
}
