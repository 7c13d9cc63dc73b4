import type { Env } from '@parley/platform/env';
import type { FastifyInstance } from 'fastify';
import { isApi } from './origin.hook';

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
  fastify.addHook('onRequest', async (request, reply) => {
    if (isApi(request)) void reply.headers({ ...everywhere, ...https, ...api }); // at once: a stream takes the connection over
  });
  fastify.addHook('onSend', async (request, reply) => {
    for (const [name, value] of Object.entries({ ...everywhere, ...https, ...(isApi(request) ? api : {}) })) {
      if (!reply.hasHeader(name)) void reply.header(name, value);
    }
  });
}
