import { createPool } from '@parley/db/pools';
import type { Env } from '@parley/platform/env';
import { SteadyPool } from '@parley/platform/steady-pool';

/** One connection as the worker's role, for one user alone. */
export function lanePool({ DATABASE_URL, DATABASE_URL_WORKER: url }: Env, name: string): SteadyPool {
  return new SteadyPool({
    connect: (onClose) => createPool(DATABASE_URL, 'parley_worker', { max: 1, name, onClose, ...(url ? { url } : {}) }),
    max: 1,
  });
}
