import { columns, run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

const HOUR_MS = 3_600_000;
const LAST_MS = 500;

/** A webhook that was applied. */
export interface Heard {
  tenantId: string;
  accountId: string;
  receivedMs: number;
}

interface Hour {
  tenantId: string;
  accountId: string;
  received: number;
  lastMs: number;
}

// An account that went meanwhile must not keep the others' counts from being written. In order, or two workers deadlock.
const STORE = `insert into account_hours (tenant_id, account_id, hour, received, last_at)
  select a.tenant_id, a.id, date_trunc('hour', to_timestamp(u.ms / 1000), 'UTC'), u.n, to_timestamp(u.ms / 1000)
  from unnest($1::uuid[], $2::uuid[], $3::int[], $4::float8[]) u(t, i, n, ms)
  join accounts a on a.tenant_id = u.t and a.id = u.i order by 1, 2, 3
  on conflict (tenant_id, account_id, hour) do update
    set received = account_hours.received + excluded.received, last_at = greatest(account_hours.last_at, excluded.last_at)`;

/**
 * Counts what each account brings in an hour. Kept in memory and written once a minute: one row for each account that
 * was heard, whatever it brought. A worker that is killed forgets a minute, which silence does not hang on.
 */
@Injectable()
export class TrafficService implements OnApplicationShutdown {
  private readonly log = new Logger('traffic');
  private hours = new Map<string, Hour>();

  constructor(private readonly worker: SteadyPool) {}

  heard(rows: readonly Heard[]): void {
    for (const { tenantId, accountId, receivedMs } of rows) {
      const key = `${accountId} ${Math.floor(receivedMs / HOUR_MS)}`;
      const hour = this.hours.get(key) ?? { tenantId, accountId, received: 0, lastMs: 0 };
      hour.received++;
      hour.lastMs = Math.max(hour.lastMs, receivedMs);
      this.hours.set(key, hour);
    }
  }

  /** Called once a minute by a timer. What cannot be written is forgotten. */
  async store(): Promise<void> {
    const hours = [...this.hours.values()];
    this.hours = new Map();
    if (!hours.length) return;
    const rows = columns(
      hours,
      (hour) => hour.tenantId,
      (hour) => hour.accountId,
      (hour) => hour.received,
      (hour) => hour.lastMs,
    );
    const tenants = hours.map((hour) => hour.tenantId);
    await this.worker.transaction(tenants, (tx) => run(tx, STORE, rows));
  }

  /** The last minute, unless that takes long: nothing hangs on it. */
  async onApplicationShutdown(): Promise<void> {
    const stored = this.store().catch((error: unknown) =>
      this.log.warn({ err: error }, 'the last minute was not written'),
    );
    await Promise.race([stored, new Promise((resolve) => setTimeout(resolve, LAST_MS).unref())]);
  }
}
