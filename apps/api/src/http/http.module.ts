import { PeopleModule } from '@parley/inbox/people/people.module';
import { ENV, type Env } from '@parley/platform/env';
import { REDIS } from '@parley/platform/platform.module';
import { RateLimits } from '@parley/platform/rate-limits';
import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Redis } from 'ioredis';
import { AccessGuard } from './access.guard';
import { AnswerInterceptor } from './answer.interceptor';
import { IdempotencyInterceptor } from './idempotency.interceptor';
import { IdempotencyStore } from './idempotency.store';
import { ProblemFilter } from './problem.filter';

/** What every route of the API passes through, in this order. */
@Module({
  imports: [PeopleModule],
  providers: [
    IdempotencyStore,
    {
      provide: RateLimits,
      inject: [REDIS, ENV],
      useFactory: (redis: Redis, env: Env) => new RateLimits(redis, env.REDIS_PREFIX),
    },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [RateLimits],
})
export class HttpModule {}
