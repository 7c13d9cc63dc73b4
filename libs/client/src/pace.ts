import { LONGEST_WAIT_MS } from './retrying';
import { backoffMs } from './backoff';
import { sleep } from './sleep';

/** Holds further calls back once the API has said that nothing is left, so that they are not refused one by one. */
export class Pace {
  private until = 0;

  /** Reads `RateLimit`, such as `"key";r=0;t=37, "tenant";r=912;t=4`. */
  note(headers: Headers): void {
    const usedUp = [...(headers.get('ratelimit') ?? '').matchAll(/;r=0;t=(\d+)/g)].map(([, seconds]) =>
      Number(seconds),
    );
    if (usedUp.length > 0) this.until = Date.now() + Math.min(Math.max(...usedUp) * 1000, LONGEST_WAIT_MS);
  }

  async turn(signal?: AbortSignal | null): Promise<void> {
    const ms = this.until - Date.now();
    if (ms > 0) await sleep(ms + backoffMs(0), signal);
  }
}
