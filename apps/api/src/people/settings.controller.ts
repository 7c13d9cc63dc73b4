import { getRetention, setRetention } from '@parley/contracts/retention';
import type { InputOf } from '@parley/contracts/route';
import { getTenantSettings, setTenantSettings } from '@parley/contracts/tenant-settings';
import type { MemberContext } from '@parley/inbox/context';
import { TenantSettingsService } from '@parley/inbox/people/tenant-settings.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class SettingsController {
  constructor(private readonly settings: TenantSettingsService) {}

  @Route(getTenantSettings)
  get(@Ctx() ctx: MemberContext) {
    return this.settings.get(ctx);
  }

  @Route(setTenantSettings)
  set(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setTenantSettings>) {
    return this.settings.set(ctx, body);
  }

  @Route(getRetention)
  getRetention(@Ctx() ctx: MemberContext) {
    return this.settings.getRetention(ctx);
  }

  @Route(setRetention)
  setRetention(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof setRetention>) {
    return this.settings.setRetention(ctx, body);
  }
}
