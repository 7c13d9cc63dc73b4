import { CLOCK, type Clock } from '@parley/platform/clock';
import { Metrics } from '@parley/platform/metrics';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import { FIRST_ROWS, OVERDUE, UNKNOWN, WAITING_SENDS, WAITING_WEBHOOKS } from './backlog.queries';

interface FirstRow {
  lane: number;
  /** Larger than a double can count. */
  arrival: string;
  age: number;
}

/**
 * How much waits, and for how long: each of the promises as a number. Measured four times a minute by each worker, for
 * the whole install: a dashboard takes the greatest. No statement reads further than its limit, or more than one row of a
 * lane or of an account that sends.
 */
@Injectable()
export class BacklogService {
  /** The first row of each lane when it was looked at last, and since when it has been the first. */
  private readonly firsts = new Map<number, { arrival: string; sinceMs: number }>();

  constructor(
    private readonly metrics: Metrics,
    private readonly worker: SteadyPool,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async measure(): Promise<void> {
    await Promise.all([this.webhooks(), this.lanes(), this.sends(), this.unknown()]);
  }

  private async webhooks(): Promise<void> {
    const [row] = await this.ask<{ waiting: number; dead: number }>(WAITING_WEBHOOKS);
    this.metrics.queueBacklog.set({ queue: 'webhooks' }, row?.waiting ?? 0);
    this.metrics.deadItems.set(row?.dead ?? 0);
  }

  private async lanes(): Promise<void> {
    const rows = await this.ask<FirstRow>(FIRST_ROWS);
    this.metrics.queueOldest.set({ queue: 'webhooks' }, Math.max(0, ...rows.map((row) => row.age)));
    this.metrics.laneBlocked.reset();
    const nowMs = performance.now();
    const waiting = new Set(rows.map((row) => row.lane));
    for (const lane of this.firsts.keys()) if (!waiting.has(lane)) this.firsts.delete(lane);
    for (const { lane, arrival } of rows) {
      const before = this.firsts.get(lane);
      const sinceMs = before?.arrival === arrival ? before.sinceMs : nowMs;
      this.firsts.set(lane, { arrival, sinceMs });
      this.metrics.laneBlocked.set({ lane }, (nowMs - sinceMs) / 1000);
    }
  }

  private async sends(): Promise<void> {
    const [row] = await this.ask<{ heads: number; active: number; behind: number; oldest: number | null }>(
      WAITING_SENDS,
    );
    this.metrics.queueBacklog.set({ queue: 'deliveries' }, (row?.heads ?? 0) + (row?.behind ?? 0));
    this.metrics.queueActive.set({ queue: 'deliveries' }, row?.active ?? 0);
    this.metrics.queueOldest.set({ queue: 'deliveries' }, row?.oldest ?? 0);
    const [due] = await this.ask<{ overdue: number | null }>(OVERDUE, [this.clock.now()]);
    this.metrics.sendOverdue.set(due?.overdue ?? 0);
  }

  private async unknown(): Promise<void> {
    const [row] = await this.ask<{ asked: number; left: number }>(UNKNOWN, [this.clock.now()]);
    this.metrics.sendsUnknown.set({ state: 'asked' }, row?.asked ?? 0);
    this.metrics.sendsUnknown.set({ state: 'left' }, row?.left ?? 0);
  }

  private ask<Row extends object>(text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.worker.query((sql) => run<Row>(sql, text, parameters));
  }
}
