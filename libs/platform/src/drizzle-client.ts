import type { Pool } from '@parley/db/pools';
import type { Call, SteadyPool, SteadySql } from './steady-pool';

/** Steady connections, as drizzle's driver for postgres.js uses a client: for a library that speaks through drizzle. */
export function drizzleClient(pool: SteadyPool): Pool {
  const client = {
    options: { parsers: {}, serializers: {} }, // drizzle puts its own in; ours agree with them for what our tables hold
    unsafe: asked((work) => pool.query(work)),
    begin: <T>(work: (client: object) => Promise<T>) =>
      pool.begin({ begin: 'begin' }, (sql) => work({ unsafe: asked((one) => one(sql)) })),
  };
  return client as unknown as Pool; // drizzle uses nothing else
}

/** A statement goes out once it is waited for, or asked for its rows as lists. */
function asked(on: (work: (sql: SteadySql) => Promise<unknown>) => Promise<unknown>) {
  return (...call: Call) => ({
    then: (...then: Parameters<Promise<unknown>['then']>) => on((sql) => sql.unsafe(...call)).then(...then),
    values: () => on((sql) => sql.values(...call)),
  });
}
