import type { FastifyInstance } from 'fastify';

/** Refuses pages of other sites: a browser on this machine must not play customers on their behalf. */
export function onlySameOrigin(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!origin || (URL.canParse(origin) && new URL(origin).host === request.host)) return;
    return reply.status(403).send({ error: 'Not from another site' });
  });
}
