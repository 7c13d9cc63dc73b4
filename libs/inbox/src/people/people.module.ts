import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM } from '@parley/platform/platform.module';
import type { SteadyPool } from '@parley/platform/steady-pool';
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
      inject: [ENV, PLATFORM],
      useFactory: (env: Env, platform: SteadyPool) => createAuth(env, platform),
    },
  ],
  exports: [SessionsService, MeService, AUTH],
})
export class PeopleModule {}
