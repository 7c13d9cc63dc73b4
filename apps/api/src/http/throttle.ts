import { AppError } from '@parley/platform/app-error';
import type { Env } from '@parley/platform/env';
import type { Quota, RateLimits } from '@parley/platform/rate-limits';
import type { FastifyReply, FastifyRequest } from 'fastify';

const WINDOW_MS = 60_000;
/** All of a tenant together, by the most of one. */
const TENANT_TIMES = 50;
/** In a demo everybody signs in as the same few people, often from one machine. */
const DEMO_TIMES = 20;

/** Of one address. Throws `rate_limited`. */
export function throttleAddress(
  limits: RateLimits,
  env: Env,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  return enforce(limits, [['address', request.ip, { limit: memberLimit(env) * 5, windowMs: WINDOW_MS }]], reply);
}

/** Whose requests are counted. */
export interface Actor {
  kind: 'member' | 'key';
  id: string;
  /** Null: nowhere yet. */
  tenantId: string | null;
}

/**
 * Of one member or key, whatever their address, and of all of their tenant together: a busy tenant slows itself, not its
 * neighbours. The headers tell of whichever has less left. Throws `rate_limited`.
 */
export async function throttleActor(limits: RateLimits, env: Env, actor: Actor, reply: FastifyReply): Promise<void> {
  const { kind, id, tenantId } = actor;
  const own: Counted = [kind, id, { limit: memberLimit(env), windowMs: WINDOW_MS }];
  const all: Counted[] = tenantId
    ? [['tenant', tenantId, { limit: memberLimit(env) * TENANT_TIMES, windowMs: WINDOW_MS }]]
    : [];
  await enforce(limits, [own, ...all], reply);
}

function memberLimit({ RATE_LIMIT_MEMBER, PARLEY_DEMO }: Env): number {
  return RATE_LIMIT_MEMBER * (PARLEY_DEMO ? DEMO_TIMES : 1);
}

type Counted = readonly [name: string, key: string, quota: Quota];

/** The standard's names, of every count, and the three that older clients know, of the one with least left. */
async function enforce(limits: RateLimits, counted: [Counted, ...Counted[]], reply: FastifyReply): Promise<void> {
  const taken = await Promise.all(
    counted.map(async ([name, key, quota]) => {
      const { allowed, remaining, resetMs } = await limits.take(name, key, quota);
      return { name, quota, allowed, remaining, resetMs, seconds: Math.max(1, Math.ceil(resetMs / 1000)) };
    }),
  );
  const tightest = taken.reduce((a, b) => (b.remaining < a.remaining ? b : a));
  void reply.headers({
    'ratelimit-policy': taken
      .map(({ name, quota: { limit, windowMs } }) => `"${name}";q=${limit};w=${windowMs / 1000}`)
      .join(', '),
    ratelimit: taken.map(({ name, remaining, seconds }) => `"${name}";r=${remaining};t=${seconds}`).join(', '),
    'x-ratelimit-limit': tightest.quota.limit,
    'x-ratelimit-remaining': tightest.remaining,
    'x-ratelimit-reset': tightest.seconds,
  });
  const over = taken.filter(({ allowed }) => !allowed);
  if (!over.length) return;
  const resetMs = Math.max(...over.map((one) => one.resetMs));
  const message = `Too many requests. Try again in ${Math.max(1, Math.ceil(resetMs / 1000))} s.`;
  throw new AppError('rate_limited', message, { retryAfterMs: resetMs, violated: over.map(({ name }) => name) });
}
