import { FetcherModule } from '@parley/inbox/files/fetcher.module';
import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { SenderModule } from '@parley/inbox/sending/sender.module';
import { TrafficModule } from '@parley/inbox/upkeep/traffic.module';
import { UpkeepModule } from '@parley/inbox/upkeep/upkeep.module';
import type { Clock } from '@parley/platform/clock';
import type { Env } from '@parley/platform/env';
import { createLogger, pinoHttpOptions } from '@parley/platform/logger';
import { PlatformModule } from '@parley/platform/platform.module';
import { StoreWatch } from '@parley/platform/store-watch';
import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule } from 'nestjs-pino';
import { Listener } from './bells/listener';
import { HealthController } from './health/health.controller';
import { HealthChecks } from './health/health-checks';
import { MetricsController } from './health/metrics.controller';
import { TimersService } from './timers/timers.service';

export interface WorkerOptions {
  /** Moved by tests. */
  clock?: Clock;
}

@Module({})
export class WorkerModule {
  static forRoot(env: Env, options: WorkerOptions = {}): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        LoggerModule.forRoot({ pinoHttp: pinoHttpOptions(createLogger(env, 'worker')) }),
        PlatformModule.forRoot(env, { service: 'worker', ...options }),
        TerminusModule.forRoot({ logger: false }),
        LanesModule,
        SenderModule,
        FetcherModule,
        TrafficModule,
        UpkeepModule,
      ],
      providers: [Listener, TimersService, HealthChecks, StoreWatch],
      controllers: [HealthController, MetricsController],
    };
  }
}
