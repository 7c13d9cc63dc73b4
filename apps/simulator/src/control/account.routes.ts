import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ControlError, type SimulatedProvider } from '../provider';
import { Past, Receive } from '../receive';
import { keyOf, type Account } from '../world/account';
import { Fault } from '../world/faults';
import { randomHex } from '../world/ids';
import type { World } from '../world/world';
import { JournalQuery } from './journal-query';
import { addressOf, sentBy } from './sent';

const NewAccount = z.object({
  ref: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/i, 'letters, digits, - and _')
    .optional(),
  name: z.string().optional(),
  phone: z.string().optional(),
  app: z.enum(['own', 'platform']).default('platform'),
  connected: z.boolean().default(true),
  sameBusinessAs: z.string().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});

const WebhookChange = z.object({
  webhook: z.object({
    url: z.url(),
    headers: z.record(z.string(), z.string()).optional(),
    secret: z.string().optional(),
    verify: z.boolean().optional(),
  }),
});

/** Accounts of each provider, and everything that can be done to one. */
export function accountRoutes(scope: FastifyInstance, world: World, providers: SimulatedProvider[]): void {
  const providerOf = (request: FastifyRequest): SimulatedProvider => {
    const { provider } = request.params as { provider: string };
    return providers.find(({ name }) => name === provider) ?? refuse(404, `No provider "${provider}"`);
  };
  const accountOf = (request: FastifyRequest): [SimulatedProvider, Account] => {
    const provider = providerOf(request);
    const { ref } = request.params as { ref: string };
    return [provider, provider.find(ref) ?? refuse(404, `No account "${ref}" of ${provider.name}`)];
  };
  const shown = (provider: SimulatedProvider, account: Account) => ({
    ...provider.describe(account),
    name: account.name,
    phone: account.phone && `+${account.phone}`,
    ...provider.connection(account),
  });

  scope.get('/:provider/accounts', async (request) => {
    const provider = providerOf(request);
    return provider.accounts().map((account) => shown(provider, account));
  });
  scope.post('/:provider/accounts', async (request, reply) => {
    const provider = providerOf(request);
    const { ref = `acc-${randomHex(8).toLowerCase()}`, phone, ...wanted } = NewAccount.parse(request.body ?? {});
    if (provider.find(ref)) throw new ControlError(409, `There is an account "${ref}" already`);
    const account = provider.create({ ref, phone: phone?.replace(/\D/g, ''), ...wanted });
    world.bus.publish({ type: 'account', account: keyOf(account) });
    return reply.status(201).send(shown(provider, account));
  });

  const one = '/:provider/accounts/:ref';
  scope.get(one, async (request) => shown(...accountOf(request)));
  scope.put(one, async (request) => {
    const [provider, account] = accountOf(request);
    await provider.setWebhook(account, WebhookChange.parse(request.body).webhook);
    return shown(provider, account);
  });
  scope.delete(one, async (request, reply) => {
    const [provider, account] = accountOf(request);
    provider.remove(account);
    return reply.status(204).send();
  });
  scope.get(`${one}/settings`, async (request) => accountOf(request)[1].settings);
  scope.put(`${one}/settings`, async (request) => {
    const [provider, account] = accountOf(request);
    return provider.configure(account, request.body);
  });

  scope.post(`${one}/receive`, async (request) => {
    const [provider, account] = accountOf(request);
    return provider.receive(account, Receive.parse(request.body ?? {}));
  });
  scope.post(`${one}/history`, async (request) => {
    const [provider, account] = accountOf(request);
    return z
      .array(Past)
      .parse(request.body)
      .map((past) => provider.record(account, past));
  });
  scope.get(`${one}/sent`, async (request) => sentBy(world, accountOf(request)[1]));
  scope.get(`${one}/typing`, async (request) => {
    const [, account] = accountOf(request);
    const chats = [...world.chats.of(account)].filter((chat) => world.typing.has(`${chat.account} ${chat.key}`));
    return chats.map((chat) => ({ to: addressOf(chat) }));
  });
  scope.get(`${one}/journal`, async (request) => {
    return world.journal.read(JournalQuery.parse(request.query), keyOf(accountOf(request)[1]));
  });

  scope.get(`${one}/faults`, async (request) => world.faults.of(accountOf(request)[1]));
  scope.put(`${one}/faults`, async (request) => {
    const [, account] = accountOf(request);
    world.faults.replace(account, z.array(Fault).parse(request.body));
    return world.faults.of(account);
  });
}

function refuse(status: 404, message: string): never {
  throw new ControlError(status, message);
}
