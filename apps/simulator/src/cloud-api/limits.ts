import type { Clock } from '../world/clock';
import { GraphError, numberLimit, pairLimit } from './errors';
import type { Line } from './state';

const HOUR_MS = 3_600_000;

/** Tokens that come back with time. */
class Bucket {
  private level: number;

  constructor(
    private readonly size: number,
    private readonly everyMs: number,
    private at: number,
  ) {
    this.level = size;
  }

  take(now: number): boolean {
    this.level = Math.min(this.size, this.level + Math.max(0, now - this.at) / this.everyMs);
    this.at = now;
    if (this.level < 1) return false;
    this.level -= 1;
    return true;
  }
}

/** Meta's limits: of a number, of a pair of numbers, of management calls (contract §5). */
export class Limits {
  private readonly numbers = new Map<string, Bucket>();
  private readonly pairs = new Map<string, Bucket>();
  private readonly calls = new Map<string, { since: number; count: number }>();

  constructor(private readonly clock: Clock) {}

  /** Throws 130429 or 131056. A refused message counts against neither limit behind it. */
  takeSend(line: Line, chatKey: string): void {
    const { perSecond, pairBurst, pairEveryMs } = line.settings;
    const number = this.bucket(this.numbers, `${line.ref} ${perSecond}`, Math.max(1, perSecond), 1000 / perSecond);
    if (!number.take(this.clock.now())) throw numberLimit();
    if (pairEveryMs === 0) return;
    const pair = this.bucket(this.pairs, `${line.ref} ${chatKey} ${pairBurst} ${pairEveryMs}`, pairBurst, pairEveryMs);
    if (!pair.take(this.clock.now())) throw pairLimit();
  }

  /** Throws 80007, and says in the header how long it lasts. */
  takeManagement(line: Line): void {
    const now = this.clock.now();
    const window = this.calls.get(line.wabaId);
    const current = window && now - window.since < HOUR_MS ? window : { since: now, count: 0 };
    this.calls.set(line.wabaId, current);
    current.count += 1;
    if (current.count <= line.settings.managementPerHour) return;
    const minutes = Math.ceil((current.since + HOUR_MS - now) / 60_000);
    const usage = {
      type: 'whatsapp',
      call_count: 100,
      total_cputime: 25,
      total_time: 25,
      estimated_time_to_regain_access: minutes,
    };
    throw new GraphError(
      400,
      80007,
      '(#80007) There have been too many calls from this WhatsApp Business account. Wait a bit and try again.',
      {
        headers: { 'x-business-use-case-usage': JSON.stringify({ [line.wabaId]: [usage] }) },
      },
    );
  }

  clear(): void {
    for (const known of [this.numbers, this.pairs, this.calls]) known.clear();
  }

  private bucket(buckets: Map<string, Bucket>, key: string, size: number, everyMs: number): Bucket {
    const known = buckets.get(key);
    if (known) return known;
    const bucket = new Bucket(size, everyMs, this.clock.now());
    buckets.set(key, bucket);
    return bucket;
  }
}
