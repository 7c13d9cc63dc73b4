import type { Env } from '@parley/platform/env';
import type { FastifyInstance } from 'fastify';
import { isApi, isWebhook } from './origin.hook';

const everywhere = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
};
const api = { 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

/** Adds what protects people's browsers, where the answer does not say it itself: pages bring a policy of their own. */
export function addSecurityHeaders(fastify: FastifyInstance, env: Env): void {
  const https = env.PUBLIC_URL?.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {};
  const [ofApi, ofPages] = [{ ...everywhere, ...https, ...api }, Object.entries({ ...everywhere, ...https })];
  fastify.addHook('onRequest', (request, reply, done) => {
    const isProviders = isWebhook(request) && request.method === 'POST'; // no browser reads that answer, and it is empty
    if (isApi(request) && !isProviders) void reply.headers(ofApi); // at once: a stream takes the connection over
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (!isApi(request))
      for (const [name, value] of ofPages) if (!reply.hasHeader(name)) void reply.header(name, value);
    done();
  });
}
