import { Logger } from '@nestjs/common';
import { crashPoint } from '@parley/platform/crash-points';
import { keepArrivals, type Arrival } from './intake.queries';
import type { SteadyPool } from '@parley/platform/steady-pool';

/** Past these the queue refuses: the provider is asked to come again. */
const MAX_ROWS = 2000;
const MAX_BYTES = 16 << 20;
const MAX_AGE_MS = 2000;
const MAX_BATCH = 1000;
interface Waiting {
  arrivals: Arrival[];
  /** Whose call it is, by its first item. */
  accountId: string;
  /** Of what the queue holds at most. */
  weight: number;
  since: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** One insert that was committed. Times on the monotonic clock. */
export interface Flush {
  arrivals: Arrival[];
  beganMs: number;
  endedMs: number;
}

/** Thrown when the queue is full, or the caller's share of it: nothing was kept. */
export class IntakeBusy extends Error {
  override name = 'IntakeBusy';
}

/**
 * Group commit: one insert in flight per process; what arrives meanwhile goes out in the next. All items of a call go in
 * one flush, in order, and its promise waits for them all.
 */
export class FlushQueue {
  private readonly log = new Logger('intake');
  private waiting: Waiting[] = [];
  /** What waits, as a share of what may, in all and by account. */
  private weight = 0;
  private readonly weightOf = new Map<string, number>();
  private flushing: Promise<void> | null = null;

  /** `kept` hears of each flush after its commit. */
  constructor(
    private readonly pool: SteadyPool,
    private readonly kept: (flush: Flush) => void,
  ) {}

  get full(): boolean {
    return this.load > 1;
  }

  /** Resolves once all are committed. */
  keep(arrivals: Arrival[]): Promise<void> {
    const accountId = arrivals[0]?.accountId ?? '';
    if (this.full) return Promise.reject(new IntakeBusy('the intake queue is full'));
    if (this.isGreedy(accountId)) return Promise.reject(new IntakeBusy('most of what waits came for this account'));
    return new Promise((resolve, reject) => {
      const weight = Math.max(arrivals.length / MAX_ROWS, bytesOf(arrivals) / MAX_BYTES);
      this.waiting.push({ arrivals, accountId, weight, since: performance.now(), resolve, reject });
      this.weigh(accountId, weight);
      this.flushing ??= this.flush();
    });
  }

  /** 1 when nothing more is taken: by what waits, or by how long it has waited. */
  private get load(): number {
    const [oldest] = this.waiting;
    return oldest ? Math.max(this.weight, (performance.now() - oldest.since) / MAX_AGE_MS) : 0;
  }

  /** Each account may fill an equal share of it, and one is left for who comes next: half of it, where it is alone. */
  private isGreedy(accountId: string): boolean {
    if (this.weight < 1 / 2) return false;
    return (this.weightOf.get(accountId) ?? 0) > 1 / (this.weightOf.size + 1);
  }

  private weigh(accountId: string, change: number): void {
    const weight = (this.weightOf.get(accountId) ?? 0) + change;
    if (weight > 1e-9) this.weightOf.set(accountId, weight);
    else this.weightOf.delete(accountId);
    this.weight = this.waiting.length ? this.weight + change : 0;
  }

  /** Waits for what was taken. */
  async drained(): Promise<void> {
    await this.flushing;
  }

  private async flush(): Promise<void> {
    await new Promise(setImmediate); // what arrives in this turn of the loop goes together
    for (let calls = this.next(); calls.length; calls = this.next()) {
      try {
        const beganMs = performance.now();
        const arrivals = calls.flatMap((call) => call.arrivals);
        await this.write(arrivals);
        const endedMs = performance.now();
        crashPoint('intake.C4');
        for (const call of calls) call.resolve();
        setImmediate(() => this.tell({ arrivals, beganMs, endedMs })); // after the answers
      } catch (error) {
        for (const call of calls) call.reject(error);
      }
    }
    this.flushing = null;
  }

  /** Nothing hangs on it: the sweeper finds what no bell was rung for. */
  private tell(flush: Flush): void {
    crashPoint('intake.C5');
    try {
      this.kept(flush);
    } catch (error) {
      this.log.error({ err: error }, 'a flush was kept, and nobody could be told');
    }
  }

  private next(): Waiting[] {
    let rows = 0;
    let count = 0;
    for (const call of this.waiting) {
      if (count > 0 && rows + call.arrivals.length > MAX_BATCH) break;
      rows += call.arrivals.length;
      count++;
    }
    const calls = this.waiting.splice(0, count);
    for (const { accountId, weight } of calls) this.weigh(accountId, -weight);
    return calls;
  }

  private async write(arrivals: Arrival[]): Promise<void> {
    const places = new Map<string, { arrival: Arrival; place: number }>();
    arrivals.forEach((arrival, place) => {
      const key = arrival.tenantId + arrival.key;
      if (!places.has(key)) places.set(key, { arrival, place });
    });
    const sorted = [...places.values()].sort((a, b) => (a.arrival.key < b.arrival.key ? -1 : 1));
    const order = sorted.map((s) => s.place);
    const rows = sorted.map((s) => s.arrival);
    await this.pool.query((sql) => {
      crashPoint('intake.C3', 'sent');
      return keepArrivals(sql, rows, order);
    });
  }
}

function bytesOf(arrivals: Arrival[]): number {
  return arrivals.reduce((sum, arrival) => sum + arrival.body.byteLength, 0);
}
