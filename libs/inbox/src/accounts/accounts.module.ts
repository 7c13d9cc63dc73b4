import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { AccountRenewals } from './account-renewals';
import { AccountStore } from './account-store';
import { AccountsService } from './accounts.service';
import { ConnectionsService } from './connections.service';
import { GroupsService } from './groups.service';
import { InstallsService } from './installs.service';
import { TemplateCache } from './template-cache';

@Module({
  imports: [SendingModule],
  providers: [
    AccountsService,
    ConnectionsService,
    GroupsService,
    AccountStore,
    AccountRenewals,
    InstallsService,
    TemplateCache,
  ],
  exports: [AccountsService, ConnectionsService, GroupsService, AccountRenewals, InstallsService, TemplateCache],
})
export class AccountsModule {}
