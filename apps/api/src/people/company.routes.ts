import type { CompanyRefusal } from '@parley/contracts/company-sign-in';
import { BEGUN_S, type CompanySignInService } from '@parley/inbox/company-sign-in/company-sign-in.service';
import { CALLBACK } from '@parley/inbox/company-sign-in/company-settings.service';
import { OpenIdError } from '@parley/inbox/company-sign-in/open-id';
import { cookieOf, sessionCookie, sessionCookieName, setCookie } from '@parley/inbox/people/session-cookie';
import type { SessionsService } from '@parley/inbox/people/sessions.service';
import { AppError } from '@parley/platform/app-error';
import type { Env } from '@parley/platform/env';
import type { RateLimits } from '@parley/platform/rate-limits';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { originOf } from '../http/access.guard';
import { ownOrigin } from '../http/own-origin';
import { sendProblem } from '../http/problem.filter';

interface Parts {
  env: Env;
  companies: CompanySignInService;
  sessions: SessionsService;
  limits: RateLimits;
}

type ToTenant = { Params: { tenantId: string } };

const log = new Logger('company sign-in');

/** As long as the auth library's cookie of a session. */
const COOKIE_S = 30 * 86_400;
/** Of one address, behind which a whole office may sit. What comes back needs no limit: it counts once. */
const PER_MINUTE = 300;
const Begin = z.object({ company: z.string().trim().toLowerCase().min(1).max(254) });

/** `/api/auth/company/*`: to the OpenID provider of somebody's company, and back. */
export function registerCompanySignIn(fastify: FastifyInstance, parts: Parts): void {
  fastify.post('/api/auth/company/begin', async (request, reply) => {
    try {
      return await begin(parts, request, reply);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      sendProblem(request, reply, error);
      return reply;
    }
  });
  fastify.get<ToTenant>(`${CALLBACK}/:tenantId`, (request, reply) => comeBack(parts, request, reply));
}

async function begin({ env, companies, limits }: Parts, request: FastifyRequest, reply: FastifyReply) {
  const body = Begin.safeParse(request.body);
  if (!body.success) throw new AppError('invalid', 'Enter your company’s short name, or your e-mail address.');
  const { allowed, resetMs } = await takeOne(limits, 'company', request);
  if (!allowed) throw new AppError('rate_limited', 'Wait a moment before the next try.', { retryAfterMs: resetMs });
  const { url, browser } = await companies.begin(body.data.company, ownOrigin(request, env));
  void reply.header('cache-control', 'no-store').header('set-cookie', setCookie(nameOf(env), browser, BEGUN_S, env));
  return { url };
}

/** Everybody ends up on a page: in the inbox, or where they sign in, which says why by a word of ours. */
async function comeBack(
  { env, companies, sessions }: Parts,
  request: FastifyRequest<ToTenant>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer'); // the address holds a code
  const gone = setCookie(nameOf(env), '', 0, env);
  try {
    const query = new URL(request.url, 'http://localhost').searchParams;
    const browser = cookieOf(request.headers.cookie, nameOf(env));
    const token = await companies.complete(request.params.tenantId, query, browser, originOf(request));
    await sessions.end(request.headers); // as after a password
    return reply.header('set-cookie', [gone, sessionCookie(token, env, COOKIE_S)]).redirect('/inbox');
  } catch (error) {
    return reply.header('set-cookie', gone).redirect(pageOf(reasonOf(error)));
  }
}

function reasonOf(error: unknown): CompanyRefusal {
  if (!(error instanceof OpenIdError)) {
    log.error({ err: error }, 'a company’s sign-in failed');
    return 'internal';
  }
  const { reason, cause } = error;
  if (cause !== undefined) log.warn({ reason, err: cause }, 'a company’s sign-in was refused');
  return reason;
}

function takeOne(limits: RateLimits, name: string, { ip }: FastifyRequest) {
  return limits.take(name, ip, { limit: PER_MINUTE, windowMs: 60_000 });
}

const nameOf = (env: Env) => `${sessionCookieName(env)}-company`;
const pageOf = (reason: CompanyRefusal) => `/sign-in?company=${reason}`;
