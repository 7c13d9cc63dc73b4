import { AppError } from '@parley/platform/app-error';
import type { FastifyRequest } from 'fastify';

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Paths that providers call: they carry their own proof, and no cookie counts there. */
export function isWebhook(url: string): boolean {
  return url.startsWith('/api/webhooks/');
}

export function isApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}

/**
 * Refuses a write that another site's page started: a browser says where it comes from. Who says nothing is no browser
 * (curl) and carries no cookie by accident.
 */
export function assertOrigin(
  { method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>,
  trusted: readonly string[],
): void {
  if (reading.has(method) || !isApi(url) || isWebhook(url)) return;
  const { origin, 'sec-fetch-site': site } = headers;
  const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : !trusted.includes(origin);
  if (foreign) throw new AppError('bad_origin', 'This request was started by a page of another site.');
}
