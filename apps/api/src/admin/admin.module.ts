import { TeamModule } from '@parley/inbox/members/team.module';
import { PeopleModule } from '@parley/inbox/people/people.module';
import { TenantsModule } from '@parley/inbox/tenants/tenants.module';
import { Module } from '@nestjs/common';
import { AuditApiModule } from '../audit/audit.module';
import { ImpersonationController } from './impersonation.controller';
import { InstallController } from './install.controller';
import { SetupController } from './setup.controller';
import { SuperAdminsController } from './super-admins.controller';
import { TenantsController } from './tenants.controller';

/** For who runs the install. */
@Module({
  imports: [AuditApiModule, PeopleModule, TeamModule, TenantsModule],
  controllers: [TenantsController, InstallController, ImpersonationController, SetupController, SuperAdminsController],
})
export class AdminApiModule {}
