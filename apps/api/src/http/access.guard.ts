import type { AnyRoute } from '@parley/contracts/route';
import { contextFrom, SessionsService, type SignedIn } from '@parley/inbox/people/sessions.service';
import { AppError } from '@parley/platform/app-error';
import { ENV, type Env } from '@parley/platform/env';
import { RateLimits } from '@parley/platform/rate-limits';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findRoute, OPERATIONAL } from './route.decorator';
import { throttleMember } from './throttle';

/** Denies by default: only what a contract, or `@Operational`, opens. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionsService,
    private readonly limits: RateLimits,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (Reflect.hasMetadata(OPERATIONAL, handler)) return true;
    const route = findRoute(handler);
    if (!route) throw new AppError('forbidden', 'This is not open to anybody.');
    if (route.access === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const signedIn = await this.sessions.identify(request.headers);
    if (!signedIn) throw new AppError('unauthenticated', 'Sign in first.');
    admit(request, route.access, signedIn);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    await throttleMember(this.limits, this.env, signedIn.member?.id ?? signedIn.user.id, reply);
    return true;
  }
}

function admit(request: FastifyRequest, access: Exclude<AnyRoute['access'], 'public'>, signedIn: SignedIn): void {
  request.signedIn = signedIn;
  if (access === 'session') return;
  const ctx = contextFrom(signedIn, request.id);
  if (!ctx) throw new AppError('forbidden', 'You are not a member of any tenant here, or have not chosen one.');
  if (!ctx.permissions.has(access)) throw new AppError('forbidden', 'Your role does not allow this.');
  request.memberContext = ctx;
}
