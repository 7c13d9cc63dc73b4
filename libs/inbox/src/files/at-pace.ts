/** Shorter rests would cost more than they give. What comes in so much time passes at once. */
const REST_MS = 100;

const realTime = {
  now: () => performance.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/** The same bytes, no faster than that, whatever came before: so who sends them waits too. */
export async function* atPace(
  body: AsyncIterable<Uint8Array>,
  bytesPerSecond: number,
  { now, sleep }: typeof realTime = realTime,
): AsyncGenerator<Uint8Array> {
  let free = now();
  for await (const piece of body) {
    yield piece;
    free = Math.max(free, now()) + (piece.byteLength / bytesPerSecond) * 1000;
    if (free - now() >= REST_MS) await sleep(free - now());
  }
}
