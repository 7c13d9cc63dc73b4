import type { Pool } from '@parley/db/pools';
import { Metrics } from '@parley/platform/metrics';
import { PLATFORM_POOL } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';

/** Nothing is counted further than this: a long queue must not be slowed by its being watched. */
const MOST_WAITING = 10_000;
const MOST_THREADS = 100_000;
/** Conversations and accounts change slowly. */
const TENANTS_EVERY_MS = 60_000;

const WEBHOOKS = `select
    (select count(*)::int from (select from pending where dead is null limit ${MOST_WAITING}) p) waiting,
    (select count(*)::int from (select from pending where dead is not null limit ${MOST_WAITING}) p) dead,
    (select extract(epoch from now())::float8 - (min(p.arrival) / 2048)::float8 / 1e6 from lanes l cross join lateral (
      select arrival from pending where lane = l.lane and dead is null order by arrival limit 1) p) oldest`;

const DELIVERIES = `select count(*) filter (where status = 0)::int heads, count(*) filter (where status = 1)::int active,
    (select count(*)::int from (select from deliveries where status = 0 and not head limit ${MOST_WAITING}) b) behind,
    extract(epoch from now() - min(created_at) filter (where status = 0))::float8 oldest
  from (select status, created_at from deliveries where head limit ${MOST_WAITING}) d`;

const THREADS = `select count(*)::int open from (
    select from unnest($1::uuid[]) t(id) cross join lateral (
      select from conversations where tenant_id = t.id and status = 'open' limit ${MOST_THREADS}) c limit ${MOST_THREADS}) o`;

/** How much waits, and for how long. Each worker measures the whole install: a dashboard takes the greatest. */
@Injectable()
export class BacklogService {
  private tenantsAt = -Infinity;

  constructor(
    private readonly metrics: Metrics,
    private readonly worker: SteadyPool,
    @Inject(PLATFORM_POOL) private readonly platform: Pool,
  ) {}

  async measure(): Promise<void> {
    await Promise.all([this.webhooks(), this.deliveries(), this.tenants()]);
  }

  private async webhooks(): Promise<void> {
    const [row] = await this.ask<{ waiting: number; dead: number; oldest: number | null }>(WEBHOOKS);
    this.metrics.queueBacklog.set({ queue: 'webhooks' }, row?.waiting ?? 0);
    this.metrics.queueOldest.set({ queue: 'webhooks' }, row?.oldest ?? 0);
    this.metrics.deadItems.set(row?.dead ?? 0);
  }

  private async deliveries(): Promise<void> {
    const [row] = await this.ask<{ heads: number; active: number; behind: number; oldest: number | null }>(DELIVERIES);
    this.metrics.queueBacklog.set({ queue: 'deliveries' }, (row?.heads ?? 0) + (row?.behind ?? 0));
    this.metrics.queueActive.set({ queue: 'deliveries' }, row?.active ?? 0);
    this.metrics.queueOldest.set({ queue: 'deliveries' }, row?.oldest ?? 0);
  }

  private async tenants(): Promise<void> {
    if (performance.now() - this.tenantsAt < TENANTS_EVERY_MS) return;
    const tenants = await this.platform.unsafe<{ id: string }[]>('select id from tenants');
    const ids = tenants.map((tenant) => tenant.id);
    const { threads, accounts } = await this.worker.transaction(ids, async (tx) => {
      const [open] = await run<{ open: number }>(tx, THREADS, [ids]);
      const accounts = await run<{ provider: string; state: string; n: number }>(
        tx,
        'select provider, state, count(*)::int n from accounts group by 1, 2',
      );
      return { threads: open?.open ?? 0, accounts };
    });
    this.metrics.activeThreads.set(threads);
    this.metrics.accounts.reset();
    for (const { provider, state, n } of accounts) this.metrics.accounts.set({ provider, state }, n);
    this.tenantsAt = performance.now();
  }

  private ask<Row extends object>(text: string): Promise<Row[]> {
    return this.worker.query((sql) => run<Row>(sql, text));
  }
}
