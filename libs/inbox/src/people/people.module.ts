import { AuditChain } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { Mail } from '@parley/platform/mail';
import { PLATFORM } from '@parley/platform/platform.module';
import type { SteadyPool } from '@parley/platform/steady-pool';
import { Module } from '@nestjs/common';
import { createAuth } from './auth';
import { KeyholdersService } from '../api-keys/keyholders.service';
import { FirstSuperAdmin } from './first-super-admin';
import { ImpersonationService } from './impersonation.service';
import { LoginAudit } from './login-audit';
import { LoginsService } from './logins.service';
import { MeService } from './me.service';
import { AssignmentRulesService } from './assignment-rules.service';
import { SecurityService } from './security.service';
import { SessionsService } from './sessions.service';
import { TenantSettingsService } from './tenant-settings.service';
import { VisibilityService } from './visibility.service';

/** Nest token of the auth library (`Auth`). */
export const AUTH = Symbol('Auth');

@Module({
  providers: [
    SessionsService,
    KeyholdersService,
    LoginsService,
    MeService,
    SecurityService,
    VisibilityService,
    AssignmentRulesService,
    TenantSettingsService,
    ImpersonationService,
    FirstSuperAdmin,
    {
      provide: AUTH,
      inject: [ENV, PLATFORM, Mail, AuditChain, CLOCK],
      useFactory: (env: Env, platform: SteadyPool, mail: Mail, chain: AuditChain, clock: Clock) =>
        createAuth(env, platform, { mail, audit: new LoginAudit(platform, chain, clock) }),
    },
  ],
  exports: [
    ...[SessionsService, KeyholdersService, LoginsService, SecurityService, VisibilityService, MeService],
    ...[AssignmentRulesService, TenantSettingsService, ImpersonationService, FirstSuperAdmin, AUTH],
  ],
})
export class PeopleModule {}
