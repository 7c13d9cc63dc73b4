/** Shorter rests would cost more than they give. What comes in so much time passes at once. */
const REST_MS = 100;

const realTime = {
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/** How fast bytes come in, whatever came before: so who sends them waits too. All bodies that come in share it alike. */
export class Pace {
  private bodies = 0;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly time = realTime,
  ) {}

  /** The same bytes. */
  async *of(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let freeMs = 0;
    this.bodies += 1;
    try {
      for await (const piece of body) {
        yield piece;
        const nowMs = this.time.now();
        freeMs = Math.max(freeMs, nowMs) + ((piece.byteLength * this.bodies) / this.bytesPerSecond) * 1000;
        if (freeMs - nowMs >= REST_MS) await this.time.sleep(freeMs - nowMs);
      }
    } finally {
      this.bodies -= 1;
    }
  }
}
