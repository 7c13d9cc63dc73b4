import { AppError } from '@parley/platform/app-error';
import type { Env } from '@parley/platform/env';
import type { Quota, RateLimits } from '@parley/platform/rate-limits';
import type { FastifyReply, FastifyRequest } from 'fastify';

const WINDOW_MS = 60_000;
/** In a demo everybody signs in as the same few people, often from one machine. */
const DEMO_TIMES = 20;

/** Of one address. Throws `rate_limited`. */
export function throttleAddress(
  limits: RateLimits,
  env: Env,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  return enforce(limits, 'address', request.ip, { limit: memberLimit(env) * 5, windowMs: WINDOW_MS }, reply);
}

/** Of one member, whatever their address. Throws `rate_limited`. */
export function throttleMember(limits: RateLimits, env: Env, memberId: string, reply: FastifyReply): Promise<void> {
  return enforce(limits, 'member', memberId, { limit: memberLimit(env), windowMs: WINDOW_MS }, reply);
}

function memberLimit({ RATE_LIMIT_MEMBER, PARLEY_DEMO }: Env): number {
  return RATE_LIMIT_MEMBER * (PARLEY_DEMO ? DEMO_TIMES : 1);
}

/** The standard's names and the three that older clients know. */
async function enforce(
  limits: RateLimits,
  name: string,
  key: string,
  quota: Quota,
  reply: FastifyReply,
): Promise<void> {
  const { allowed, remaining, resetMs } = await limits.take(name, key, quota);
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  void reply.headers({
    'ratelimit-policy': `"${name}";q=${quota.limit};w=${quota.windowMs / 1000}`,
    ratelimit: `"${name}";r=${remaining};t=${seconds}`,
    'x-ratelimit-limit': quota.limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': seconds,
  });
  if (!allowed)
    throw new AppError('rate_limited', `Too many requests. Try again in ${seconds} s.`, { retryAfterMs: resetMs });
}
