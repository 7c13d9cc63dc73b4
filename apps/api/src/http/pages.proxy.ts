import httpProxy from '@fastify/http-proxy';
import { AppError } from '@parley/platform/app-error';
import type { Env } from '@parley/platform/env';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.filter';

/**
 * Hands everything that is not ours to the pages' server, so that there is one origin. The forwarding headers are
 * written anew: a client's own would let it choose its address.
 */
export async function proxyPages(fastify: FastifyInstance, env: Env, webUrl: string): Promise<void> {
  fastify.all('/api', (request, reply) => sendProblem(request, reply, nothingHere()));
  fastify.all('/api/*', (request, reply) => sendProblem(request, reply, nothingHere())); // else the pages' HTML would answer
  await fastify.register(async (scope) => {
    scope.removeAllContentTypeParsers(); // what goes to the pages passes as it came
    await scope.register(httpProxy, {
      upstream: webUrl,
      prefix: '/',
      httpMethods: ['GET', 'HEAD', 'POST'],
      websocket: env.NODE_ENV === 'development', // reloads of the pages under work
      undici: { connections: 128, headersTimeout: 30_000, bodyTimeout: 60_000, connect: { timeout: 3_000 } },
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => ({
          ...headers,
          host: new URL(webUrl).host,
          'x-forwarded-for': request.ip,
          'x-forwarded-host': request.headers.host,
          'x-forwarded-proto': request.protocol,
        }),
        onError: (reply) =>
          sendProblem(
            reply.request,
            reply,
            new AppError('unavailable', 'The pages are starting. Try again in a moment.', { retryAfterMs: 2_000 }),
          ),
      },
    });
  });
}

function nothingHere(): AppError {
  return new AppError('not_found', 'There is nothing here.');
}
