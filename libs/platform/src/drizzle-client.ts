import type { Pool } from '@parley/db/pools';
import type { TransactionSql } from 'postgres';
import type { SteadyPool } from './steady-pool';

type Call = Parameters<TransactionSql['unsafe']>;

/** Steady connections, as drizzle's driver for postgres.js uses a client: for a library that speaks through drizzle. */
export function drizzleClient(pool: SteadyPool): Pool {
  const client = {
    options: { parsers: {}, serializers: {} }, // drizzle puts its own in; ours agree with them for what our tables hold
    unsafe: (...call: Call) => ({
      then: (...then: Parameters<Promise<unknown>['then']>) => pool.query((sql) => sql.unsafe(...call)).then(...then),
      values: () => pool.query((sql) => sql.unsafe(...call).values()),
    }),
    begin: <T>(work: (sql: TransactionSql) => Promise<T>) => pool.begin({ begin: 'begin' }, work),
  };
  return client as unknown as Pool; // drizzle uses nothing else
}
