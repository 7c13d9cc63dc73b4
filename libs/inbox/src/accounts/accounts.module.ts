import { Module } from '@nestjs/common';
import { AccountStore } from './account-store';
import { AccountsService } from './accounts.service';
import { TemplateCache } from './template-cache';

@Module({ providers: [AccountsService, AccountStore, TemplateCache], exports: [AccountsService, TemplateCache] })
export class AccountsModule {}
