import {
  checkCompanySignIn,
  getCompanySignIn,
  removeCompanySignIn,
  setCompanySignIn,
} from '@parley/contracts/company-sign-in';
import type { InputOf } from '@parley/contracts/route';
import { CompanySettingsService } from '@parley/inbox/company-sign-in/company-settings.service';
import type { MemberContext } from '@parley/inbox/context';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class CompanySignInController {
  constructor(private readonly settings: CompanySettingsService) {}

  @Route(getCompanySignIn)
  get(@Ctx() ctx: MemberContext) {
    return this.settings.get(ctx);
  }

  @Route(setCompanySignIn)
  set(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setCompanySignIn>) {
    return this.settings.set(ctx, body);
  }

  @Route(removeCompanySignIn)
  remove(@Ctx() ctx: MemberContext) {
    return this.settings.remove(ctx);
  }

  @Route(checkCompanySignIn)
  check(@Input() { body }: InputOf<typeof checkCompanySignIn>) {
    return this.settings.check(body.issuer);
  }
}
