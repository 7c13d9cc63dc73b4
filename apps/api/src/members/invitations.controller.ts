import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  openInvitation,
  resendInvitation,
  revokeInvitation,
} from '@parley/contracts/invitations';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { AcceptanceService } from '@parley/inbox/invitations/acceptance.service';
import { InvitationsService } from '@parley/inbox/invitations/invitations.service';
import { SessionsService } from '@parley/inbox/people/sessions.service';
import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../http/access.guard';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly acceptance: AcceptanceService,
    private readonly sessions: SessionsService,
  ) {}

  @Route(listInvitations)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listInvitations>) {
    return this.invitations.list(ctx, query);
  }

  @Route(createInvitation)
  create(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof createInvitation>) {
    return this.invitations.create(ctx, body);
  }

  @Route(resendInvitation)
  resend(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof resendInvitation>) {
    return this.invitations.resend(ctx, params.id);
  }

  @Route(revokeInvitation)
  revoke(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof revokeInvitation>) {
    return this.invitations.revoke(ctx, params.id);
  }

  @Route(openInvitation)
  open(@Input() { body }: InputOf<typeof openInvitation>, @Req() { id }: FastifyRequest) {
    return this.acceptance.open(body.token, id);
  }

  @Route(acceptInvitation)
  async accept(@Input() { body }: InputOf<typeof acceptInvitation>, @Req() request: FastifyRequest) {
    return this.acceptance.accept(body, await this.sessions.identify(request.headers), originOf(request));
  }
}
