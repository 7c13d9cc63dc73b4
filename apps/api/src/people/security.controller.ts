import type { InputOf } from '@parley/contracts/route';
import { setSecurity } from '@parley/contracts/security';
import type { MemberContext } from '@parley/inbox/context';
import { SecurityService } from '@parley/inbox/people/security.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class SecurityController {
  constructor(private readonly security: SecurityService) {}

  @Route(setSecurity)
  set(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setSecurity>) {
    return this.security.requireTwoFactor(ctx, body.requireTwoFactor);
  }
}
