import { AppError } from '@parley/platform/app-error';
import type { FastifyRequest } from 'fastify';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The pattern that the router chose. The address itself has many spellings: `/%61pi`, or one with an origin before it. */
type Routed = { routeOptions: { url?: string | undefined } };

/** Paths that providers call: they carry their own proof, and no cookie counts there. */
export function isWebhook({ routeOptions: { url } }: Routed): boolean {
  return url?.startsWith('/api/webhooks/') ?? false;
}

/** Also what no route knows: the strict side. */
export function isApi({ routeOptions: { url } }: Routed): boolean {
  return url === undefined || /^\/api(?:\/|$)/.test(url);
}

/**
 * Refuses a write that another site's page started: a browser says where it comes from. Who says nothing is no browser
 * (curl) and carries no cookie by accident.
 */
export function assertOrigin(
  request: Pick<FastifyRequest, 'method' | 'headers'> & Routed,
  trusted: readonly string[],
): void {
  if (reading.has(request.method) || !isApi(request) || isWebhook(request)) return;
  const { origin, 'sec-fetch-site': site } = request.headers;
  const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : !trusted.includes(origin);
  if (foreign) throw new AppError('bad_origin', 'This request was started by a page of another site.');
}
