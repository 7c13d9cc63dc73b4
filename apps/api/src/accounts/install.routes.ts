import type { AnyProvider } from '@parley/channels/provider';
import { registry } from '@parley/channels/registry';
import { InstallsService } from '@parley/inbox/accounts/installs.service';
import type { MemberContext } from '@parley/inbox/context';
import { contextFrom, SessionsService } from '@parley/inbox/people/sessions.service';
import { AppError } from '@parley/platform/app-error';
import type { Env } from '@parley/platform/env';
import type { RateLimits } from '@parley/platform/rate-limits';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../http/access.guard';
import { ownOrigin } from '../http/own-origin';
import { throttleAddress } from '../http/throttle';

interface Parts {
  env: Env;
  sessions: SessionsService;
  installs: InstallsService;
  limits: RateLimits;
}

/** Where whoever comes back goes on: the page says how it went, of a failure by its code. */
const PAGE = '/accounts';

/**
 * Pages that only send people on: to a provider's consent, and from there back to the accounts. A link or a provider's
 * redirect leads here, so who may not is told on a page too.
 */
export function registerInstalls(fastify: FastifyInstance, parts: Parts): void {
  for (const provider of Object.values(registry)) {
    if (!provider.installApp) continue;
    const base = `/${provider.ingress.path}`;
    const back = `${base}/oauth_redirect`;
    fastify.get(`${base}/install`, (request, reply) =>
      answered(parts, request, reply, async (ctx) =>
        parts.installs.begin(ctx, provider, ownOrigin(request, parts.env) + back),
      ),
    );
    fastify.get(back, (request, reply) =>
      answered(parts, request, reply, (ctx) => comeBack(parts.installs, ctx, provider, request)),
    );
  }
}

async function comeBack(
  installs: InstallsService,
  ctx: MemberContext,
  provider: AnyProvider,
  { query }: FastifyRequest,
): Promise<string> {
  const { state, code, error } = query as Record<string, unknown>; // names of a query; a name that comes twice is a list
  if (typeof state !== 'string')
    throw new AppError('invalid', 'The provider sent nothing that tells what this is about.');
  if (typeof code !== 'string' || error !== undefined) {
    await installs.cancel(state);
    return pageWith({ install: 'cancelled' });
  }
  const { id } = await installs.complete(ctx, provider, { state, code });
  return pageWith({ install: 'done', account: id });
}

/** Everybody ends up on a page; only an error of ours is a page of its own. */
async function answered(
  { env, sessions, limits }: Parts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (ctx: MemberContext) => Promise<string>,
): Promise<FastifyReply> {
  void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer'); // the address holds a code
  try {
    await throttleAddress(limits, env, request, reply);
    const signedIn = await sessions.identify(request.headers);
    const ctx = signedIn && contextFrom(signedIn, originOf(request));
    if (!ctx) return reply.redirect('/sign-in');
    if (!ctx.permissions.has('account.manage'))
      throw new AppError('forbidden', 'Only an admin can connect accounts. Ask one of yours.');
    return reply.redirect(await work(ctx));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return reply.redirect(pageWith({ install: 'failed', code: error.code })); // words of an address would be anybody's
  }
}

const pageWith = (query: Record<string, string>) => `${PAGE}?${new URLSearchParams(query).toString()}`;
