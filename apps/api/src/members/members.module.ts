import { TeamModule } from '@parley/inbox/members/team.module';
import { PeopleModule } from '@parley/inbox/people/people.module';
import { Module } from '@nestjs/common';
import { ApiKeysController } from './api-keys.controller';
import { CompanySignInController } from './company-sign-in.controller';
import { InvitationsController } from './invitations.controller';
import { MembersController } from './members.controller';
import { RolesController } from './roles.controller';
import { TeamsController } from './teams.controller';

@Module({
  imports: [TeamModule, PeopleModule],
  controllers: [
    ApiKeysController,
    MembersController,
    CompanySignInController,
    InvitationsController,
    RolesController,
    TeamsController,
  ],
})
export class MembersApiModule {}
