import {
  changeMember,
  deactivateMember,
  endMemberSessions,
  listMembers,
  listMemberSessions,
  listTeam,
  previewSight,
  reactivateMember,
  setAvailability,
} from '@parley/contracts/members';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { MembersService } from '@parley/inbox/members/members.service';
import { SightPreview } from '@parley/inbox/members/sight-preview';
import { TeamService } from '@parley/inbox/members/team.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly team: TeamService,
    private readonly preview: SightPreview,
  ) {}

  @Route(listMembers)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listMembers>) {
    return this.members.list(ctx, query);
  }

  @Route(setAvailability)
  setAvailability(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setAvailability>) {
    return this.members.setAvailability(ctx, body.availability);
  }

  @Route(listTeam)
  listTeam(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listTeam>) {
    return this.team.list(ctx, query);
  }

  @Route(changeMember)
  change(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof changeMember>) {
    return this.team.change(ctx, params.id, body);
  }

  @Route(deactivateMember)
  deactivate(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof deactivateMember>) {
    return this.team.deactivate(ctx, params.id, body.reassignTo);
  }

  @Route(reactivateMember)
  reactivate(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof reactivateMember>) {
    return this.team.reactivate(ctx, params.id);
  }

  @Route(previewSight)
  sight(@Ctx() ctx: MemberContext, @Input() { params, query }: InputOf<typeof previewSight>) {
    const { role, accounts } = query;
    return this.preview.of(ctx, params.id, { role, accountIds: accounts === 'all' ? null : accounts });
  }

  @Route(listMemberSessions)
  listSessions(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof listMemberSessions>) {
    return this.team.listSessions(ctx, params.id);
  }

  @Route(endMemberSessions)
  endSessions(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof endMemberSessions>) {
    return this.team.endSessions(ctx, params.id);
  }
}
