import type { Clock } from './clock';

const EVERY_MS = 10_000;
/** Of an answer that took longer nobody knows when it was given. */
const LONGEST_ANSWER_MS = 2_000;

/**
 * Postgres' time, which all processes of an install share: a due time means the same to whoever wrote it and to whoever waits
 * for it, whatever the clocks of their machines say and however those jump. Looked up now and then; between two looks it
 * counts on by the monotonic clock. Until the first it starts from the machine's.
 */
export class InstallClock implements Clock {
  private base = { epochMs: Date.now(), atMs: performance.now() };
  private timer: NodeJS.Timeout | undefined;

  /** `ask`: what time is it in Postgres, ms since 1970? */
  constructor(private readonly ask: () => Promise<number>) {}

  now(): number {
    return Math.floor(this.base.epochMs + performance.now() - this.base.atMs);
  }

  /** Resolves after the first look, also when nobody answered. */
  async start(): Promise<void> {
    this.timer = setInterval(() => void this.look(), EVERY_MS);
    this.timer.unref();
    await this.look();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const askedMs = performance.now();
    const epochMs = await this.ask().catch(() => undefined); // later, then
    const tookMs = performance.now() - askedMs;
    if (epochMs !== undefined && tookMs < LONGEST_ANSWER_MS) this.base = { epochMs, atMs: askedMs + tookMs / 2 };
  }
}
