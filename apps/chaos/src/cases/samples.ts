/** What somebody answered, asked again and again; a question that fails has no answer. */
export class Samples {
  readonly all: number[] = [];
  private asking: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(everyMs: number, ask: () => Promise<number> | number) {
    this.timer = setInterval(() => {
      this.asking ??= this.take(ask).finally(() => (this.asking = undefined));
    }, everyMs);
  }

  /** NaN without any. */
  get most(): number {
    return this.all.length ? Math.max(...this.all) : NaN;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.asking;
  }

  private async take(ask: () => Promise<number> | number): Promise<void> {
    try {
      this.all.push(await ask());
    } catch {
      // Who is asked may be away.
    }
  }
}
