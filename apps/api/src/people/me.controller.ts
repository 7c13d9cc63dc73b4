import {
  changeMe,
  endMySession,
  endMySessions,
  getMe,
  listMySessions,
  switchTenant,
  type Me,
} from '@parley/contracts/me';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import type { InputOf } from '@parley/contracts/route';
import { MeService } from '@parley/inbox/people/me.service';
import { SessionsService, type SignedIn } from '@parley/inbox/people/sessions.service';
import { AppError } from '@parley/platform/app-error';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Input, Route, Session } from '../http/route.decorator';

@Controller()
export class MeController {
  constructor(
    private readonly me: MeService,
    private readonly sessions: SessionsService,
  ) {}

  @Route(getMe)
  get(@Session() signedIn: SignedIn, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.answer(signedIn, reply);
  }

  @Route(switchTenant)
  async switch(
    @Session() signedIn: SignedIn,
    @Input() { body }: InputOf<typeof switchTenant>,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    await this.me.switchTenant(signedIn, body.tenantId);
    this.sessions.forget(headers);
    const now = await this.sessions.identify(headers);
    if (!now) throw new AppError('unauthenticated', 'Sign in first.');
    return this.answer(now, reply);
  }

  @Route(changeMe)
  change(@Session() signedIn: SignedIn, @Input() { body }: InputOf<typeof changeMe>) {
    return this.me.setLanguage(signedIn, body.language);
  }

  @Route(listMySessions)
  sessionsOf(@Session() signedIn: SignedIn) {
    return this.me.listSessions(signedIn);
  }

  @Route(endMySession)
  end(@Session() signedIn: SignedIn, @Input() { params }: InputOf<typeof endMySession>) {
    return this.me.endSession(signedIn, params.id);
  }

  @Route(endMySessions)
  endAll(@Session() signedIn: SignedIn) {
    return this.me.endSessions(signedIn);
  }

  /** The cursor is where the browser's stream begins, so it is read first: what happens meanwhile comes on the stream. */
  private async answer(signedIn: SignedIn, reply: FastifyReply): Promise<Me> {
    const head = await this.me.head(signedIn);
    if (head !== null) void reply.header(CURSOR_HEADER, String(head));
    return this.me.get(signedIn);
  }
}
