import type { InputOf } from '@parley/contracts/route';
import {
  inviteSuperAdmin,
  listSuperAdminInvitations,
  listSuperAdmins,
  removeSuperAdmin,
  revokeSuperAdminInvitation,
} from '@parley/contracts/super-admins';
import type { PlatformContext } from '@parley/inbox/context';
import { SuperAdminsService } from '@parley/inbox/super-admins/super-admins.service';
import { Controller } from '@nestjs/common';
import { Input, Platform, Route } from '../http/route.decorator';

@Controller()
export class SuperAdminsController {
  constructor(private readonly superAdmins: SuperAdminsService) {}

  @Route(listSuperAdmins)
  list(@Input() { query }: InputOf<typeof listSuperAdmins>) {
    return this.superAdmins.list(query);
  }

  @Route(listSuperAdminInvitations)
  invitations(@Input() { query }: InputOf<typeof listSuperAdminInvitations>) {
    return this.superAdmins.invitations(query);
  }

  @Route(inviteSuperAdmin)
  invite(@Platform() ctx: PlatformContext, @Input() { body }: InputOf<typeof inviteSuperAdmin>) {
    return this.superAdmins.invite(ctx, body);
  }

  @Route(revokeSuperAdminInvitation)
  takeBack(@Platform() ctx: PlatformContext, @Input() { params }: InputOf<typeof revokeSuperAdminInvitation>) {
    return this.superAdmins.takeBack(ctx, params.id);
  }

  @Route(removeSuperAdmin)
  remove(@Platform() ctx: PlatformContext, @Input() { params }: InputOf<typeof removeSuperAdmin>) {
    return this.superAdmins.remove(ctx, params.id);
  }
}
