import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { AccountRenewals } from './account-renewals';
import { AccountStore } from './account-store';
import { AccountsService } from './accounts.service';
import { InstallsService } from './installs.service';
import { TemplateCache } from './template-cache';

@Module({
  imports: [SendingModule],
  providers: [AccountsService, AccountStore, AccountRenewals, InstallsService, TemplateCache],
  exports: [AccountsService, AccountRenewals, InstallsService, TemplateCache],
})
export class AccountsModule {}
