import { AuditService } from '@parley/inbox/audit/audit.service';
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller';

@Module({ providers: [AuditService], controllers: [AuditController], exports: [AuditService] })
export class AuditApiModule {}
