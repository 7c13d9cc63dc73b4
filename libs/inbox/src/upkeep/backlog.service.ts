import type { Pool } from '@parley/db/pools';
import { Metrics } from '@parley/platform/metrics';
import { PLATFORM_POOL } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';

/** How much waits, and for how long. Each worker measures the whole install: a dashboard takes the greatest. */
@Injectable()
export class BacklogService {
  constructor(
    private readonly metrics: Metrics,
    private readonly worker: SteadyPool,
    @Inject(PLATFORM_POOL) private readonly platform: Pool,
  ) {}

  async measure(): Promise<void> {
    await Promise.all([this.webhooks(), this.deliveries(), this.tenants()]);
  }

  private async webhooks(): Promise<void> {
    const [row] = await this.ask<{ waiting: number; dead: number; oldest: number | null }>(
      `select count(*) filter (where dead is null)::int waiting, count(*) filter (where dead is not null)::int dead,
         extract(epoch from now())::float8 - (min(arrival) filter (where dead is null) / 2048)::float8 / 1e6 oldest from pending`,
    );
    this.metrics.queueBacklog.set({ queue: 'webhooks' }, row?.waiting ?? 0);
    this.metrics.queueOldest.set({ queue: 'webhooks' }, row?.oldest ?? 0);
    this.metrics.deadItems.set(row?.dead ?? 0);
  }

  private async deliveries(): Promise<void> {
    const [row] = await this.ask<{ heads: number; active: number; behind: number; oldest: number | null }>(
      `select count(*) filter (where head and status = 0)::int heads, count(*) filter (where head and status = 1)::int active,
         count(*) filter (where not head)::int behind,
         extract(epoch from now() - min(created_at) filter (where head and status = 0))::float8 oldest
       from (select head, status, created_at from deliveries where head
         union all select head, status, created_at from deliveries where status = 0 and not head) d`,
    );
    this.metrics.queueBacklog.set({ queue: 'deliveries' }, (row?.heads ?? 0) + (row?.behind ?? 0));
    this.metrics.queueActive.set({ queue: 'deliveries' }, row?.active ?? 0);
    this.metrics.queueOldest.set({ queue: 'deliveries' }, row?.oldest ?? 0);
  }

  private async tenants(): Promise<void> {
    const tenants = await this.platform.unsafe<{ id: string }[]>('select id from tenants');
    const ids = tenants.map((tenant) => tenant.id);
    const { threads, accounts } = await this.worker.transaction(ids, async (tx) => {
      const [open] = await run<{ open: number }>(
        tx,
        `select count(*)::int open from conversations where status = 'open'`,
      );
      const accounts = await run<{ provider: string; state: string; n: number }>(
        tx,
        'select provider, state, count(*)::int n from accounts group by 1, 2',
      );
      return { threads: open?.open ?? 0, accounts };
    });
    this.metrics.activeThreads.set(threads);
    this.metrics.accounts.reset();
    for (const { provider, state, n } of accounts) this.metrics.accounts.set({ provider, state }, n);
  }

  private ask<Row extends object>(text: string): Promise<Row[]> {
    return this.worker.query((sql) => run<Row>(sql, text));
  }
}
