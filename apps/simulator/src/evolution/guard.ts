import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { keyOf } from '../world/account';
import { judgeCall } from '../world/call-faults';
import { noSuchInstance, unauthorized } from './errors';
import type { Instance } from './instance';
import { refusals, type Call } from './sends';
import type { Server } from './server';

/** A route of one instance, named by the last part of the path. Guards in the server's order: does it exist (404), then the key (401). */
export function instanceRoute(
  scope: FastifyInstance,
  server: Server,
  [method, path]: [HTTPMethods, string],
  handler: (instance: Instance, call: Call) => unknown,
): void {
  const guarded = new WeakMap<FastifyRequest, Instance>();
  scope.route({
    method,
    url: `${path}/:name`,
    onRequest: async (request, reply) => {
      const { name } = request.params as { name: string };
      const instance = server.instances.get(name);
      if (!instance) throw noSuchInstance(name);
      reply.accountKey = keyOf(instance);
      if (!isGlobalKey(server, request) && !same(apiKey(request), instance.token)) throw unauthorized();
      await judgeCall(server.world, instance, refusals);
      guarded.set(request, instance);
    },
    handler: async (request, reply) => {
      const instance = guarded.get(request);
      if (!instance) throw unauthorized();
      return handler(instance, { request, reply });
    },
  });
}

export const apiKey = (request: FastifyRequest) => String(request.headers.apikey ?? '');

export const isGlobalKey = (server: Server, request: FastifyRequest) =>
  same(apiKey(request), server.world.options.evolutionKey);

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
