import type { Pool } from '@parley/db/pools';
import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM_POOL } from '@parley/platform/platform.module';
import { Module } from '@nestjs/common';
import { createAuth } from './auth';
import { MeService } from './me.service';
import { SessionsService } from './sessions.service';

/** Nest token of the auth library (`Auth`). */
export const AUTH = Symbol('Auth');

@Module({
  providers: [
    SessionsService,
    MeService,
    {
      provide: AUTH,
      inject: [ENV, PLATFORM_POOL],
      useFactory: (env: Env, platform: Pool) => createAuth(env, platform),
    },
  ],
  exports: [SessionsService, MeService, AUTH],
})
export class PeopleModule {}
