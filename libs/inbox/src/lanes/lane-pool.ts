import type { Env } from '@parley/platform/env';
import type { Metrics } from '@parley/platform/metrics';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { countPostgres } from '@parley/platform/trouble';

/** One connection as the worker's role, for one user alone. */
export function lanePool({ DATABASE_URL, DATABASE_URL_WORKER: url }: Env, name: string, metrics: Metrics): SteadyPool {
  const failed = countPostgres(metrics, 'lanes');
  return steadyPool(DATABASE_URL, 'parley_worker', { max: 1, name, failed, ...(url ? { url } : {}) });
}
