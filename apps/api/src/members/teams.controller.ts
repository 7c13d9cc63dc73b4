import type { InputOf } from '@parley/contracts/route';
import { createTeam, deleteTeam, listTeams, updateTeam } from '@parley/contracts/teams';
import type { MemberContext } from '@parley/inbox/context';
import { TeamsService } from '@parley/inbox/teams/teams.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class TeamsController {
  constructor(private readonly teams: TeamsService) {}

  @Route(listTeams)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listTeams>) {
    return this.teams.list(ctx, query);
  }

  @Route(createTeam)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createTeam>) {
    return this.teams.create(ctx, body);
  }

  @Route(updateTeam)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateTeam>) {
    return this.teams.update(ctx, params.id, body);
  }

  @Route(deleteTeam)
  delete(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof deleteTeam>) {
    return this.teams.delete(ctx, params.id);
  }
}
