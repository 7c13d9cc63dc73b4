import type { Pool } from '@parley/db/pools';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { TransactionSql } from 'postgres';
import { systemClock, type Clock } from './clock';
import { writeEvents, type NewEvent } from './events';
import type { Metrics } from './metrics';
import { RealtimeBus } from './realtime-bus';

/** Who asks, and for which tenant. `cursor` comes back: the head a read saw, the last event of a write. */
export interface TenantContext {
  tenantId: string;
  correlationId: string | null;
  cursor?: number;
}

type Db = PostgresJsDatabase<Record<string, never>>;
type DrizzleTx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** A transaction that sees one tenant. Queries still name `tenantId`: the policy is the second lock. */
export type TenantTx<Ctx extends TenantContext = TenantContext> = DrizzleTx & {
  tenantId: string;
  ctx: Ctx;
  /** For hand-written statements. */
  raw: TransactionSql;
  /** Collects a fact; it is written last, and published after the commit. */
  emit(event: NewEvent): void;
};

/** Transactions of one tenant each: scoped, retried when Postgres asks for it, their events written last and published after commit. */
export class TenantDb {
  private readonly db: Db;

  constructor(
    pool: Pool,
    private readonly bus: RealtimeBus,
    private readonly clock: Clock = systemClock,
    private readonly metrics?: Metrics,
  ) {
    this.db = drizzle({ client: pool, casing: 'snake_case' });
  }

  /** Runs again on deadlock, serialization failure or lock timeout: `work` must have no effects but its statements. */
  async transaction<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.timed('write', () => this.once(ctx, work));
      } catch (error) {
        if (tries >= 5 || !isRetryable(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
      }
    }
  }

  /** One snapshot, read only. Sets `ctx.cursor` to the head that the snapshot saw. */
  read<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    return this.timed('read', () => this.snapshot(ctx, work));
  }

  private snapshot<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    return this.db.transaction(
      async (tx) => {
        const scoped = scope(tx, ctx, []);
        const [, heads] = await Promise.all([
          setTenant(scoped),
          scoped.raw.unsafe<{ head: number }[]>(
            `select greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) head
             from event_heads h where h.tenant_id = $1`,
            [ctx.tenantId],
            { prepare: true },
          ),
        ]);
        ctx.cursor = Number(heads[0]?.head ?? 0);
        return work(scoped);
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );
  }

  private async once<T, Ctx extends TenantContext>(ctx: Ctx, work: (tx: TenantTx<Ctx>) => Promise<T>): Promise<T> {
    const events: NewEvent[] = [];
    const { result, stored } = await this.db.transaction(async (tx) => {
      const scoped = scope(tx, ctx, events);
      await setTenant(scoped);
      const result = await work(scoped);
      const list = events.map((event) => ({ tenantId: ctx.tenantId, correlationId: ctx.correlationId, event }));
      return { result, stored: await writeEvents(scoped.raw, list, this.clock.now()) };
    });
    const last = stored.get(ctx.tenantId)?.at(-1);
    if (last) ctx.cursor = last.seq;
    this.bus.publish(stored);
    return result;
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

function setTenant(tx: TenantTx) {
  return tx.raw.unsafe(`select set_config('app.tenant_id', $1, true)`, [tx.tenantId], { prepare: true });
}

function scope<Ctx extends TenantContext>(tx: DrizzleTx, ctx: Ctx, events: NewEvent[]): TenantTx<Ctx> {
  return Object.assign(tx, {
    tenantId: ctx.tenantId,
    ctx,
    raw: rawOf(tx),
    emit: (event: NewEvent) => void events.push(event),
  });
}

/** drizzle keeps the postgres.js transaction in its session but leaves it out of its types. */
function rawOf(tx: DrizzleTx): TransactionSql {
  return (tx as unknown as { session: { client: TransactionSql } }).session.client;
}

/** Postgres asks to try again: deadlock, serialization failure, lock timeout. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40P01' || code === '40001' || code === '55P03';
}

/** SQLSTATE of an error or of what caused it. */
export function codeOf(error: unknown): string | undefined {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return undefined;
}
