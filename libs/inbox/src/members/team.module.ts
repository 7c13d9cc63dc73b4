import { Module } from '@nestjs/common';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { ConversationsModule } from '../conversations/conversations.module';
import { CompanySettingsService } from '../company-sign-in/company-settings.service';
import { CompanySignInService } from '../company-sign-in/company-sign-in.service';
import { AcceptanceService } from '../invitations/acceptance.service';
import { Admission } from '../invitations/admission';
import { InvitationsService } from '../invitations/invitations.service';
import { PeopleModule } from '../people/people.module';
import { RolesService } from '../roles/roles.service';
import { SuperAdminsService } from '../super-admins/super-admins.service';
import { TeamsService } from '../teams/teams.service';
import { Handover } from './handover';
import { MembersService } from './members.service';
import { SightPreview } from './sight-preview';
import { TeamService } from './team.service';

/** Who works in a tenant, as what, and how they come in. */
@Module({
  imports: [PeopleModule, ConversationsModule],
  providers: [
    AcceptanceService,
    Admission,
    ApiKeysService,
    CompanySettingsService,
    CompanySignInService,
    Handover,
    InvitationsService,
    MembersService,
    RolesService,
    SightPreview,
    SuperAdminsService,
    TeamService,
    TeamsService,
  ],
  exports: [
    AcceptanceService,
    ApiKeysService,
    CompanySettingsService,
    CompanySignInService,
    InvitationsService,
    MembersService,
    RolesService,
    SightPreview,
    SuperAdminsService,
    TeamService,
    TeamsService,
  ],
})
export class TeamModule {}
