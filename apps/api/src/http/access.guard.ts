import { isPlatformPermission, type Permission } from '@parley/contracts/permissions';
import type { AnyRoute, Reach } from '@parley/contracts/route';
import { KeyholdersService } from '@parley/inbox/api-keys/keyholders.service';
import type { MemberContext } from '@parley/inbox/context';
import { seesWhole } from '@parley/inbox/people/grant';
import { contextFrom, platformContextFrom, SessionsService } from '@parley/inbox/people/sessions.service';
import type { Origin } from '@parley/inbox/people/origin';
import { AppError } from '@parley/platform/app-error';
import { ENV, type Env } from '@parley/platform/env';
import { RateLimits } from '@parley/platform/rate-limits';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findRoute, OPERATIONAL } from './route.decorator';
import { throttleActor, type Actor } from './throttle';

/** Denies by default: only what a contract, or `@Operational`, opens. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionsService,
    private readonly keyholders: KeyholdersService,
    private readonly limits: RateLimits,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    if (Reflect.hasMetadata(OPERATIONAL, handler)) return true;
    const route = findRoute(handler);
    if (!route) throw new AppError('forbidden', 'This is not open to anybody.');
    if (route.access === 'public') return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const actor = await this.admit(request, route, route.access);
    await throttleActor(this.limits, this.env, actor, http.getResponse<FastifyReply>());
    return true;
  }

  /** A key counts alone, whatever cookie comes with it. */
  private async admit(
    request: FastifyRequest,
    { reach }: AnyRoute,
    access: Exclude<AnyRoute['access'], 'public'>,
  ): Promise<Actor> {
    const byKey = await this.keyholders.identify(request.headers, originOf(request));
    if (byKey === null) throw new AppError('unauthenticated', 'This key opens nothing. Is it revoked, or too old?');
    if (byKey) {
      if (access === 'session' || isPlatformPermission(access))
        throw new AppError('forbidden', 'This is for people: a key is nobody.');
      enter(request, { access, reach }, byKey);
      return { kind: 'key', id: byKey.actorId, tenantId: byKey.tenantId };
    }
    const signedIn = await this.sessions.identify(request.headers);
    if (!signedIn) throw new AppError('unauthenticated', 'Sign in first.');
    request.signedIn = signedIn;
    const { member, user } = signedIn;
    if (isPlatformPermission(access)) {
      if (!user.superAdmin) throw new AppError('forbidden', 'Only who runs this install may do this.');
      request.platformContext = platformContextFrom(signedIn, originOf(request));
    } else if (access !== 'session') enter(request, { access, reach }, contextFrom(signedIn, originOf(request)));
    return { kind: 'member', id: member?.id ?? user.id, tenantId: member?.tenantId ?? null };
  }
}

function enter(
  request: FastifyRequest,
  { access, reach }: { access: Permission; reach: Reach | undefined },
  ctx: MemberContext | null,
): void {
  if (!ctx) throw new AppError('forbidden', 'You are not a member of any tenant here, or have not chosen one.');
  const who = ctx.memberId === null ? 'This key' : 'Your role';
  if (!ctx.permissions.has(access)) throw new AppError('forbidden', `${who} does not allow this.`);
  if (reach === 'whole' && !seesWhole(ctx))
    throw new AppError('forbidden', `${who} does not show all of the tenant, which this takes.`);
  request.memberContext = ctx;
}

/** Where a request came from, for who answers for it. */
export function originOf({ id, ip, headers }: FastifyRequest): Origin {
  return { correlationId: id, address: ip, userAgent: headers['user-agent'] ?? null };
}
