import type { Clock } from '@parley/platform/clock';
import type { Env } from '@parley/platform/env';
import { createLogger, pinoHttpOptions } from '@parley/platform/logger';
import { PlatformModule } from '@parley/platform/platform.module';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { AccountsApiModule } from './accounts/accounts.module';
import { AdminApiModule } from './admin/admin.module';
import { AuditApiModule } from './audit/audit.module';
import { ContactsApiModule } from './contacts/contacts.module';
import { ConversationsApiModule } from './conversations/conversations.module';
import { ExportApiModule } from './export/export.module';
import { FilesApiModule } from './files/files.module';
import { HttpModule } from './http/http.module';
import { HealthModule } from './health/health.module';
import { LabelsApiModule } from './labels/labels.module';
import { MembersApiModule } from './members/members.module';
import { MessagesApiModule } from './messages/messages.module';
import { PeopleApiModule } from './people/people.module';
import { RealtimeApiModule } from './realtime/realtime.module';
import { WatchModule } from './watch/watch.module';

/** One module a slice. */
const slices: Type[] = [
  PeopleApiModule,
  AccountsApiModule,
  ConversationsApiModule,
  MessagesApiModule,
  FilesApiModule,
  ContactsApiModule,
  LabelsApiModule,
  MembersApiModule,
  AuditApiModule,
  AdminApiModule,
  ExportApiModule,
  RealtimeApiModule,
];

export interface AppOptions {
  /** Moved by tests. */
  clock?: Clock;
  /** Where the log goes instead of standard output; read by tests. */
  logTo?: DestinationStream;
}

@Module({})
export class AppModule {
  static forRoot(env: Env, options: AppOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: pinoHttpOptions(createLogger(env, 'api', options.logTo)),
          forRoutes: ['/api/{*path}'],
          exclude: ['/api/webhooks/{*path}'], // bare and hot; its lines carry their own correlation id
        }),
        DiscoveryModule,
        PlatformModule.forRoot(env, { service: 'api', ...options }),
        HttpModule,
        WatchModule,
        HealthModule,
        ...slices,
      ],
    };
  }
}
