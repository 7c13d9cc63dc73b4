import type { InputOf } from '@parley/contracts/route';
import { setSecurity } from '@parley/contracts/security';
import { getAssignmentRules, setAssignmentRules } from '@parley/contracts/assignment';
import { setVisibility } from '@parley/contracts/visibility';
import { AssignmentRulesService } from '@parley/inbox/people/assignment-rules.service';
import { VisibilityService } from '@parley/inbox/people/visibility.service';
import type { MemberContext } from '@parley/inbox/context';
import { SecurityService } from '@parley/inbox/people/security.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class SecurityController {
  constructor(
    private readonly security: SecurityService,
    private readonly visibility: VisibilityService,
    private readonly assignment: AssignmentRulesService,
  ) {}

  @Route(setSecurity)
  set(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setSecurity>) {
    return this.security.requireTwoFactor(ctx, body.requireTwoFactor);
  }

  @Route(setVisibility)
  setVisibility(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setVisibility>) {
    return this.visibility.set(ctx, body.agentsSee);
  }

  @Route(getAssignmentRules)
  getAssignment(@Ctx() ctx: MemberContext) {
    return this.assignment.get(ctx);
  }

  @Route(setAssignmentRules)
  setAssignment(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setAssignmentRules>) {
    return this.assignment.set(ctx, body);
  }
}
