import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { REDIS } from '@parley/platform/platform.module';
import { Module } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Pacer } from './pacer';
import { SenderService } from './sender.service';
import { SendingModule } from './sending.module';

/** The worker's half: calls providers. */
@Module({
  imports: [SendingModule],
  providers: [
    {
      provide: Pacer,
      inject: [REDIS, ENV, CLOCK],
      useFactory: (redis: Redis, env: Env, clock: Clock) => new Pacer(redis, env.REDIS_PREFIX, clock),
    },
    SenderService,
  ],
  exports: [SenderService],
})
export class SenderModule {}
