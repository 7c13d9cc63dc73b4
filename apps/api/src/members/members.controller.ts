import { listMembers } from '@parley/contracts/members';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { MembersService } from '@parley/inbox/members/members.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Route(listMembers)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listMembers>) {
    return this.members.list(ctx, query);
  }
}
