import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError, type SimulatedProvider } from '../provider';
import { Moment, Receive } from '../receive';
import type { Entry } from '../world/journal';
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
  scope.get('/changes', async (request) => {
    const { after, limit } = JournalQuery.parse(request.query);
    const { entries, upTo } = world.journal.changesAfter(after, limit);
    return { entries: entries.map(inBrief), upTo };
  });
  scope.post('/receive', async (request) => {
    return z
      .array(AnyoneReceives)
      .parse(request.body)
      .map((event) => receiveOne(providers, event));
  });
  accountRoutes(scope, world, providers);
  for (const provider of providers)
    void scope.register(async (own) => provider.controls?.(own), { prefix: `/${provider.name}` });
}

/** Something that happens to an account, named beside it. */
const AnyoneReceives = Receive.extend({ provider: z.string(), ref: z.string() });

/** One that cannot happen says why, and holds up none behind it. */
function receiveOne(providers: SimulatedProvider[], { provider: name, ref, ...event }: z.infer<typeof AnyoneReceives>) {
  const provider = providers.find((each) => each.name === name);
  const account = provider?.find(ref);
  if (!provider || !account) return { error: `No account "${ref}" of ${name}` };
  try {
    return provider.receive(account, event);
  } catch (error) {
    if (error instanceof ControlError) return { error: error.message };
    throw error;
  }
}

/** Without what only a person who debugs looks at. */
function inBrief(entry: Entry) {
  if (entry.type === 'happened') return entry;
  const { body, ...known } = entry;
  if (known.type === 'call') return { ...known, body, answer: undefined };
  return { ...known, url: undefined, headers: undefined };
}
