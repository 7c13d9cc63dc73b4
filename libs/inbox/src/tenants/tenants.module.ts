import { Module } from '@nestjs/common';
import { TeamModule } from '../members/team.module';
import { SendingModule } from '../sending/sending.module';
import { InstallService } from './install.service';
import { TenantsService } from './tenants.service';

@Module({
  imports: [SendingModule, TeamModule],
  providers: [InstallService, TenantsService],
  exports: [InstallService, TenantsService],
})
export class TenantsModule {}
