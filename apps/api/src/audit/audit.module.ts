import { AuditBeginning } from '@parley/inbox/audit/audit-beginning';
import { AuditService } from '@parley/inbox/audit/audit.service';
import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller';

@Module({ providers: [AuditService, AuditBeginning], controllers: [AuditController], exports: [AuditService] })
export class AuditApiModule {}
