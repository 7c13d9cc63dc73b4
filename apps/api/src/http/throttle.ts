import { AppError } from '@parley/platform/app-error';
import type { Quota, RateLimits, Taken } from '@parley/platform/rate-limits';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Per minute. An office of many agents has one address; an agent's screen asks a lot when it catches up. */
const perAddress: Quota = { limit: 6_000, windowMs: 60_000 };
const perMember: Quota = { limit: 1_200, windowMs: 60_000 };

/** Of one address. Throws `rate_limited`. */
export async function throttleAddress(limits: RateLimits, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  enforce('address', perAddress, await limits.take('address', request.ip, perAddress), reply);
}

/** Of one member, whatever their address. Throws `rate_limited`. */
export async function throttleMember(limits: RateLimits, memberId: string, reply: FastifyReply): Promise<void> {
  enforce('member', perMember, await limits.take('member', memberId, perMember), reply);
}

/** The standard's names and the three that older clients know. */
function enforce(
  name: string,
  { limit, windowMs }: Quota,
  { allowed, remaining, resetMs }: Taken,
  reply: FastifyReply,
): void {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  void reply.headers({
    'ratelimit-policy': `"${name}";q=${limit};w=${windowMs / 1000}`,
    ratelimit: `"${name}";r=${remaining};t=${seconds}`,
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': seconds,
  });
  if (!allowed)
    throw new AppError('rate_limited', `Too many requests. Try again in ${seconds} s.`, { retryAfterMs: resetMs });
}
