import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, type SimulatedProvider } from '../provider';
import { Moment } from '../receive';
import type { World } from '../world/world';
import { accountRoutes } from './account.routes';
import { JournalQuery } from './journal-query';
import { onlySameOrigin } from './same-origin';

const ClockChange = z.object({
  now: Moment.optional(),
  offsetMs: z.number().optional(),
  scale: z.number().positive().optional(),
});

/** What tests and people do to the simulated world; no part of any provider. */
export function controlRoutes(scope: FastifyInstance, world: World, providers: SimulatedProvider[]): void {
  onlySameOrigin(scope);
  scope.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status =
      error instanceof ControlError ? error.status : error instanceof z.ZodError ? 422 : (error.statusCode ?? 500);
    if (status === 500) console.error(error);
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return reply.status(status).send({ error: message });
  });
  scope.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: `No ${request.method} ${request.url} here` }),
  );

  scope.get('/providers', async () => providers.map(({ name, features }) => ({ name, features })));
  scope.get('/health', async () => ({ status: 'ok', providers: providers.map(({ name }) => name) }));
  scope.get('/clock', async () => ({ now: new Date(world.clock.now()).toISOString(), scale: world.clock.scale }));
  scope.put('/clock', async (request) => world.setClock(ClockChange.parse(request.body)));
  scope.post('/reset', async (_request, reply) => {
    world.forget();
    for (const provider of providers) provider.reset();
    world.bus.publish({ type: 'reset' });
    return reply.status(204).send();
  });
  scope.get('/journal', async (request) => {
    return world.journal.read(JournalQuery.parse(request.query));
  });
  accountRoutes(scope, world, providers);
}
