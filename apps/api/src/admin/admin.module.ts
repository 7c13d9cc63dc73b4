import { PeopleModule } from '@parley/inbox/people/people.module';
import { TenantsModule } from '@parley/inbox/tenants/tenants.module';
import { Module } from '@nestjs/common';
import { AuditApiModule } from '../audit/audit.module';
import { ImpersonationController } from './impersonation.controller';
import { InstallController } from './install.controller';
import { SetupController } from './setup.controller';
import { TenantsController } from './tenants.controller';

/** For who runs the install. */
@Module({
  imports: [AuditApiModule, PeopleModule, TenantsModule],
  controllers: [TenantsController, InstallController, ImpersonationController, SetupController],
})
export class AdminApiModule {}
