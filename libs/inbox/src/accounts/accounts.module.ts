import { Module } from '@nestjs/common';
import { SendingModule } from '../sending/sending.module';
import { AccountStore } from './account-store';
import { AccountsService } from './accounts.service';
import { TemplateCache } from './template-cache';

@Module({
  imports: [SendingModule],
  providers: [AccountsService, AccountStore, TemplateCache],
  exports: [AccountsService, TemplateCache],
})
export class AccountsModule {}
