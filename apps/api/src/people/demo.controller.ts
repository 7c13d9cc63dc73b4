import { getDemo, type Demo } from '@parley/contracts/demo';
import { DEMO_PASSWORD, demoPeople } from '@parley/inbox/people/demo-people';
import { ENV, type Env } from '@parley/platform/env';
import { Controller, Inject } from '@nestjs/common';
import { Route } from '../http/route.decorator';

@Controller()
export class DemoController {
  constructor(@Inject(ENV) private readonly env: Env) {}

  @Route(getDemo)
  get(): Demo {
    if (!this.env.PARLEY_DEMO) return { demo: false };
    const logins = demoPeople.map(({ email, role, tenant }) => ({ email, role, tenant: tenant.name }));
    return { demo: true, logins, password: DEMO_PASSWORD };
  }
}
