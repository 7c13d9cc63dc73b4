import { AccountsModule } from '@parley/inbox/accounts/accounts.module';
import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller';

@Module({ imports: [AccountsModule], controllers: [AccountsController] })
export class AccountsApiModule {}
