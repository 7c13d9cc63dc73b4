import { createRole, deleteRole, listRoles, updateRole } from '@parley/contracts/roles';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { RolesService } from '@parley/inbox/roles/roles.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Route(listRoles)
  list(@Ctx() ctx: MemberContext) {
    return this.roles.list(ctx);
  }

  @Route(createRole)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createRole>) {
    return this.roles.create(ctx, body);
  }

  @Route(updateRole)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateRole>) {
    return this.roles.update(ctx, params.id, body);
  }

  @Route(deleteRole)
  delete(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof deleteRole>) {
    return this.roles.delete(ctx, params.id);
  }
}
