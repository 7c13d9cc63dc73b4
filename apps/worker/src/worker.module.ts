import { LanesModule } from '@parley/inbox/lanes/lanes.module';
import { SenderModule } from '@parley/inbox/sending/sender.module';
import { TrafficModule } from '@parley/inbox/upkeep/traffic.module';
import { UpkeepModule } from '@parley/inbox/upkeep/upkeep.module';
import type { Clock } from '@parley/platform/clock';
import type { Env } from '@parley/platform/env';
import { createLogger, pinoHttpOptions } from '@parley/platform/logger';
import { REDIS_SILENCE_MS } from '@parley/platform/redis-silence';
import { PlatformModule } from '@parley/platform/platform.module';
import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LoggerModule } from 'nestjs-pino';
import { LaneListener } from './bells/lane-listener';
import { SendHeadsProcessor } from './bells/send-heads.processor';
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
        BullModule.forRoot({ prefix: env.REDIS_PREFIX, connection: connectionOf(env) }),
        BullModule.registerQueue({ name: 'send-heads' }),
        TerminusModule.forRoot({ logger: false }),
        LanesModule,
        SenderModule,
        TrafficModule,
        UpkeepModule,
      ],
      providers: [LaneListener, SendHeadsProcessor, TimersService, HealthChecks],
      controllers: [HealthController, MetricsController],
    };
  }
}

/** Longest time that BullMQ blocks for its next job, in which no answer comes. */
const BLOCKS_MS = 10_000;

/** A worker waits for Redis as long as it takes: it blocks on it for its next bell. */
function connectionOf({ REDIS_URL }: Env) {
  return {
    url: REDIS_URL,
    maxRetriesPerRequest: null,
    socketTimeout: BLOCKS_MS + REDIS_SILENCE_MS,
    retryStrategy: (times: number) => Math.min(1000, 100 * times),
  };
}
