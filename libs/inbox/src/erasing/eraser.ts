import { ENV, type Env } from '@parley/platform/env';
import { Metrics } from '@parley/platform/metrics';
import { steadyPool } from '@parley/platform/steady-pool';
import { countPostgres } from '@parley/platform/trouble';

/** Nest token of the connections that remove what must be gone (`SteadyPool`): the one tenant that is set. */
export const ERASER = Symbol('Eraser');

export const eraserProvider = {
  provide: ERASER,
  inject: [ENV, Metrics],
  useFactory: ({ DATABASE_URL, DATABASE_URL_ERASER: url }: Env, metrics: Metrics) => {
    const failed = countPostgres(metrics, 'eraser');
    return steadyPool(DATABASE_URL, 'parley_eraser', { max: 2, failed, ...(url ? { url } : {}) });
  },
};
