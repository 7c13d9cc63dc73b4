import { createPool } from '@parley/db/pools';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { Metrics } from '@parley/platform/metrics';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Tracing } from '@parley/platform/tracing';
import { countPostgres } from '@parley/platform/trouble';
import { Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Retry } from '../lanes/batch';
import { DeliveriesService } from './deliveries.service';
import { Results } from './results';

const MAX_CONNECTIONS = 4;

/** What queues and settles; the worker adds `SenderModule`, which sends. */
@Module({
  providers: [
    {
      provide: SteadyPool,
      inject: [ENV, Metrics],
      useFactory: ({ DATABASE_URL, DATABASE_URL_WORKER: url }: Env, metrics: Metrics) =>
        new SteadyPool({
          connect: (onClose) =>
            createPool(DATABASE_URL, 'parley_worker', { max: 1, name: 'sending', onClose, ...(url ? { url } : {}) }),
          max: MAX_CONNECTIONS,
          alsoRetry: (error) => error instanceof Retry,
          failed: countPostgres(metrics, 'sending'),
        }),
    },
    {
      provide: Results,
      inject: [SteadyPool, RealtimeBus, CLOCK, Tracing],
      useFactory: (pool: SteadyPool, bus: RealtimeBus, clock: Clock, tracing: Tracing) => {
        const log = new Logger('sending');
        const report = (error: unknown) => log.error({ err: error }, 'results of sends could not be stored yet');
        return new Results(pool, bus, clock, report, tracing);
      },
    },
    DeliveriesService,
  ],
  exports: [DeliveriesService, Results, SteadyPool],
})
export class SendingModule implements OnApplicationShutdown {
  constructor(
    private readonly results: Results,
    private readonly pool: SteadyPool,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.results.close();
    await this.pool.close();
  }
}
