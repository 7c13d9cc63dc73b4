/** Runs something again and again, never twice at once, whatever becomes of it. */
export class Ticker {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private failing = false;
  private stopped = false;

  /** `failed` hears the first of a row of failures, `recovered` the success after them. */
  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly tell: { failed(error: unknown): void; recovered(): void },
  ) {}

  start(): void {
    this.next(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private next(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.once().finally(() => {
        this.running = null;
        this.next(this.everyMs);
      });
    }, ms);
  }

  private async once(): Promise<void> {
    try {
      await this.work();
      if (this.failing) this.tell.recovered();
      this.failing = false;
    } catch (error) {
      if (!this.failing && !this.stopped) this.tell.failed(error);
      this.failing = true;
    }
  }
}
