import type { Env } from '@parley/platform/env';
import { publicOrigin, trustedOrigins } from '@parley/platform/origins';
import type { FastifyRequest } from 'fastify';

/** Ours, by the name that the browser used, for its cookies are of that: on one's own machine there are several. */
export function ownOrigin({ protocol, host }: FastifyRequest, env: Env): string {
  const own = `${protocol}://${host}`;
  return trustedOrigins(env).includes(own) ? own : publicOrigin(env);
}
