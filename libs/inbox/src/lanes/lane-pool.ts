import type { Env } from '@parley/platform/env';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';

/** One connection as the worker's role, for one user alone. */
export function lanePool({ DATABASE_URL, DATABASE_URL_WORKER: url }: Env, name: string): SteadyPool {
  return steadyPool(DATABASE_URL, 'parley_worker', { max: 1, name, ...(url ? { url } : {}) });
}
