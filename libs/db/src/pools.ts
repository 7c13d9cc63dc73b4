import postgres from 'postgres';
import { arrayTypes } from './array-types';

export type Role = 'parley_app' | 'parley_worker' | 'parley_intake' | 'parley_platform' | 'parley_eraser';

/** Past these Postgres itself ends what a process began and forgot. Milliseconds. */
const timeouts = { statement_timeout: 5000, lock_timeout: 1000, idle_in_transaction_session_timeout: 2000 };

/** Planned once for a connection, not for each use: of a page of the list planning takes as long as reading. */
const planned = { plan_cache_mode: 'force_generic_plan' };

/** Those that only ever go by index from a short list, whatever the statistics say of a new table. */
const byIndex = { ...planned, enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

const plans: Partial<Record<Role, Record<string, string>>> = {
  parley_app: planned,
  parley_worker: byIndex,
  parley_eraser: byIndex,
};

export interface PoolOptions {
  /** Connections at most. */
  max: number;
  /** Logins of the roles' own; without one the connection starts as the role. Needed behind PgBouncer. */
  url?: string;
  name?: string;
  /** A connection of it was lost or ended. */
  onClose?: () => void;
}

/** Connections that work as one role. `int8` comes as a number: ours all fit. Timestamps come as Dates. */
export function createPool(
  databaseUrl: string,
  role: Role,
  { max, url, name, onClose }: PoolOptions,
): postgres.Sql<{ int8: number }> {
  return postgres(url ?? databaseUrl, {
    max,
    onnotice: () => {},
    ...(onClose ? { onclose: onClose } : {}),
    connect_timeout: 3,
    backoff: (attempt) => Math.min(1, 0.1 * attempt),
    fetch_types: false,
    types: { ...arrayTypes, int8: { to: 20, from: [20], parse: Number, serialize: String } },
    connection: {
      application_name: name ?? role,
      ...(url ? {} : { role, ...timeouts, ...plans[role] }),
    },
  });
}
export type Pool = ReturnType<typeof createPool>;
