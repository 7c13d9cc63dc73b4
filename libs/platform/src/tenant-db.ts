import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Sql } from '@parley/db/sql';
import { SYSTEM, type Actor, type AuditChain, type AuditChange } from './audit-chain';
import { systemClock, type Clock } from './clock';
import { writeEvents, type NewEvent } from './events';
import type { Metrics } from './metrics';
import { RealtimeBus } from './realtime-bus';
import { run } from './statements';
import type { SteadyPool } from './steady-pool';

/** Who asks, and for which tenant. `cursor` comes back: the head a read saw, the last event of a write. */
export interface TenantContext {
  tenantId: string;
  correlationId: string | null;
  cursor?: number;
  /** For the audit log; absent: the install itself. */
  actor?: Actor;
}

/** A transaction that sees one tenant. Queries still name `tenantId`: the policy is the second lock. */
export interface TenantTx<Ctx extends TenantContext = TenantContext> {
  tenantId: string;
  ctx: Ctx;
  /** Runs a statement that was put together from parts. */
  execute<Row extends object>(statement: SQL): Promise<Row[]>;
  /** For hand-written statements. */
  raw: Sql;
  /** Collects a fact; it is written last, and published after the commit. */
  emit(event: NewEvent): void;
  /** Collects a change of the tenant's set-up for its audit log; it is written with the transaction. */
  audit(change: AuditChange): void;
}

/** Transactions of one tenant each: scoped, retried when Postgres asks for it, their events written last and published after commit. */
export class TenantDb {
  constructor(
    private readonly pool: SteadyPool,
    private readonly bus: RealtimeBus,
    private readonly clock: Clock = systemClock,
    private readonly metrics?: Metrics,
    private readonly chain?: AuditChain,
  ) {}

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Runs again on deadlock, serialization failure or lock timeout: `work` must have no effects but its statements. */
  transaction<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    return this.timed('write', () => this.write(ctx, work));
  }

  /** One snapshot, read only. Sets `ctx.cursor` to the head that the snapshot saw. */
  read<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    return this.timed('read', () => this.snapshot(ctx, work));
  }

  private snapshot<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    const scope = (sql: Sql) => seeTenant(sql, ctx.tenantId);
    return this.pool.begin({ begin: 'begin isolation level repeatable read read only', scope }, async (sql) => {
      const [head] = await run<{ head: number }>(sql, READ_HEAD, [ctx.tenantId]);
      ctx.cursor = Number(head?.head ?? 0);
      return work(tenantTx(sql, ctx, { events: [], changes: [] }));
    });
  }

  private async write<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    const scope = (sql: Sql) => seeTenant(sql, ctx.tenantId);
    const { result, stored } = await this.pool.begin({ begin: 'begin', scope }, async (sql, commit) => {
      const said: Said = { events: [], changes: [] };
      const result = await work(tenantTx(sql, ctx, said));
      const list = said.events.map((event) => ({ tenantId: ctx.tenantId, correlationId: ctx.correlationId, event }));
      const last = said.changes.length ? undefined : commit; // else the log is written behind them
      const stored = await writeEvents(sql, list, this.clock.now(), last);
      await this.audit(sql, ctx, said.changes);
      return { result, stored };
    });
    const last = stored.get(ctx.tenantId)?.at(-1);
    if (last) ctx.cursor = last.seq;
    this.bus.publish(stored);
    return result;
  }

  /** Behind the events: whoever raises rights holds their head by now, and everybody must lock in one order. */
  private async audit(sql: Sql, { tenantId, correlationId, actor = SYSTEM }: TenantContext, changes: AuditChange[]) {
    if (!changes.length) return;
    if (!this.chain) throw new Error('there is no audit log to write to');
    await this.chain.write(sql, tenantId, changes, { actor, correlationId, nowMs: this.clock.now() });
  }

  private async timed<T>(kind: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    const done = this.metrics?.databaseDuration.startTimer({ pool: 'app', kind });
    this.metrics?.databaseBusy.inc({ pool: 'app' });
    try {
      return await work();
    } finally {
      this.metrics?.databaseBusy.dec({ pool: 'app' });
      done?.();
    }
  }
}

const READ_HEAD = `select greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) head
  from event_heads h where h.tenant_id = $1`;

function seeTenant(sql: Sql, tenantId: string) {
  return run(sql, `select set_config('app.tenant_id', $1, true)`, [tenantId]);
}

const dialect = new PgDialect({ casing: 'snake_case' });

/** What a transaction collects for its end. */
interface Said {
  events: NewEvent[];
  changes: AuditChange[];
}

function tenantTx<Ctx extends TenantContext>(sql: Sql, ctx: Ctx, said: Said): TenantTx<Ctx> {
  return {
    tenantId: ctx.tenantId,
    ctx,
    raw: sql,
    execute: <Row extends object>(statement: SQL) => {
      const { sql: text, params } = dialect.sqlToQuery(statement);
      return run<Row>(sql, text, params);
    },
    emit: (event) => void said.events.push(event),
    audit: (change) => void said.changes.push(change),
  };
}

/** Number of the tenant's last event, as the transaction sees it: the cursor of an answer that made none. */
export async function headOf({ raw, tenantId }: TenantTx): Promise<number> {
  const [head] = await run<{ head: number }>(raw, READ_HEAD, [tenantId]);
  return Number(head?.head ?? 0);
}
