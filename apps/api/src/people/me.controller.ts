import { getMe, switchTenant } from '@parley/contracts/me';
import type { InputOf } from '@parley/contracts/route';
import { MeService } from '@parley/inbox/people/me.service';
import { SessionsService, type SignedIn } from '@parley/inbox/people/sessions.service';
import { AppError } from '@parley/platform/app-error';
import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Input, Route, Session } from '../http/route.decorator';

@Controller()
export class MeController {
  constructor(
    private readonly me: MeService,
    private readonly sessions: SessionsService,
  ) {}

  @Route(getMe)
  get(@Session() signedIn: SignedIn) {
    return this.me.get(signedIn);
  }

  @Route(switchTenant)
  async switch(
    @Session() signedIn: SignedIn,
    @Input() { body }: InputOf<typeof switchTenant>,
    @Req() { headers }: FastifyRequest,
  ) {
    await this.me.switchTenant(signedIn, body.tenantId);
    this.sessions.forget(headers);
    const now = await this.sessions.identify(headers);
    if (!now) throw new AppError('unauthenticated', 'Sign in first.');
    return this.me.get(now);
  }
}
