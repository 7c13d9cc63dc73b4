import { beginImpersonation, endImpersonation, listTenantMembers } from '@parley/contracts/impersonation';
import type { InputOf } from '@parley/contracts/route';
import type { PlatformContext } from '@parley/inbox/context';
import { ImpersonationService } from '@parley/inbox/people/impersonation.service';
import { MeService } from '@parley/inbox/people/me.service';
import { sessionCookie } from '@parley/inbox/people/session-cookie';
import { actorOf, SessionsService, type SignedIn } from '@parley/inbox/people/sessions.service';
import { ENV, type Env } from '@parley/platform/env';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../http/access.guard';
import { Input, Platform, Route, Session } from '../http/route.decorator';

@Controller()
export class ImpersonationController {
  constructor(
    private readonly impersonation: ImpersonationService,
    private readonly sessions: SessionsService,
    private readonly me: MeService,
    @Inject(ENV) private readonly env: Env,
  ) {}

  @Route(listTenantMembers)
  members(@Input() { params, query }: InputOf<typeof listTenantMembers>) {
    return this.impersonation.members(params.id, query);
  }

  @Route(beginImpersonation)
  async begin(
    @Platform() ctx: PlatformContext,
    @Input() { body }: InputOf<typeof beginImpersonation>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { token, until } = await this.impersonation.begin(ctx, body);
    void reply.header('set-cookie', sessionCookie(token, this.env));
    return { until: until.toISOString() };
  }

  @Route(endImpersonation)
  async end(
    @Session() signedIn: SignedIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const token = await this.impersonation.end(signedIn, actorOf(signedIn, originOf(request)), request.id);
    this.sessions.forget(request.headers);
    const cookie = sessionCookie(token, this.env);
    void reply.header('set-cookie', cookie);
    const own = token && (await this.sessions.identify({ cookie: cookie.split(';')[0] }));
    return own ? this.me.get(own) : null;
  }
}
