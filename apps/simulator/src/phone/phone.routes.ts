import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { onlySameOrigin } from '../control/same-origin';
import type { SimulatedProvider } from '../provider';
import { keyOf } from '../world/account';
import type { BusEvent } from '../world/bus';
import type { World } from '../world/world';
import { shownChat, shownMessage } from './shown';

const PING_MS = 15_000;
const PAGE_MESSAGES = 200;
/** Everything comes from here; QR codes are data. */
const POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const View = z.object({ client: z.string(), account: z.string().optional(), chat: z.string().optional() });

/** The page on which a person plays the customers, and what it asks for. It acts through the control API. */
export async function phoneRoutes(scope: FastifyInstance, world: World, providers: SimulatedProvider[]): Promise<void> {
  onlySameOrigin(scope);
  await scope.register(fastifyStatic, {
    root: publicFolder(),
    cacheControl: false,
    wildcard: false,
    setHeaders: (reply) => void reply.header('content-security-policy', POLICY),
  });
  await scope.register(fastifyStatic, { root: fontFolder(), prefix: '/fonts/', decorateReply: false, wildcard: false });

  scope.get('/phone/accounts', async () =>
    providers.flatMap((provider) =>
      provider.accounts().map((account) => ({
        key: keyOf(account),
        provider: provider.name,
        ref: account.ref,
        name: account.name,
        phone: account.phone && `+${account.phone}`,
        features: provider.features,
        ...provider.connection(account),
      })),
    ),
  );

  scope.get('/phone/:provider/:ref/chats', async (request, reply) => {
    const account = accountOf(providers, request.params);
    if (!account) return reply.status(404).send({ error: 'No such account' });
    return [...world.chats.of(account)].map((chat) => shownChat(world, chat)).sort((a, b) => b.lastAt - a.lastAt);
  });

  scope.get('/phone/:provider/:ref/messages', async (request, reply) => {
    const account = accountOf(providers, request.params);
    const { chat: key = '' } = request.query as { chat?: string };
    const chat = account && world.chats.find(account, key);
    if (!chat) return reply.status(404).send({ error: 'No such chat' });
    return world.chats
      .history(chat)
      .slice(-PAGE_MESSAGES)
      .map((message) => shownMessage(world, message));
  });

  scope.get('/phone/media/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const file = world.media.find(id);
    if (!file) return reply.status(404).send({ error: 'No such file' });
    return reply
      .type(file.mimeType)
      .header('content-security-policy', 'sandbox')
      .header('x-content-type-options', 'nosniff')
      .send(world.media.read(id));
  });

  scope.put('/phone/view', async (request, reply) => {
    const { client, account, chat } = View.parse(request.body);
    world.views.show(client, account && chat ? { account, chat } : undefined);
    return reply.status(204).send();
  });

  scope.get('/phone/events', (_request, reply) => stream(world, reply));
}

/** Everything that happens, as it happens. The first frame names the stream, for `PUT /phone/view`. */
function stream(world: World, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  const client = randomUUID();
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' });
  const write = (event: unknown) => void raw.write(`data: ${JSON.stringify(event)}\n\n`);
  write({ type: 'hello', client });
  const leave = world.bus.subscribe((event) => write(shown(world, event)));
  const ping = setInterval(() => raw.write(': ping\n\n'), PING_MS);
  raw.on('close', () => {
    leave();
    clearInterval(ping);
    world.views.show(client);
  });
}

function shown(world: World, event: BusEvent): unknown {
  if (event.type === 'message')
    return { ...event, chat: shownChat(world, event.chat), message: shownMessage(world, event.message) };
  return event.type === 'chat' ? { ...event, chat: shownChat(world, event.chat) } : event;
}

function accountOf(providers: SimulatedProvider[], params: unknown) {
  const { provider, ref } = params as { provider: string; ref: string };
  return providers.find(({ name }) => name === provider)?.find(ref);
}

/** Beside `src` and beside `dist` alike. */
function publicFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const found = ['../public', '../../public']
    .map((up) => path.resolve(here, up))
    .find((folder) => existsSync(path.join(folder, 'index.html')));
  if (!found) throw new Error('The simulator came without its page');
  return found;
}

const fontFolder = () =>
  path.join(path.dirname(createRequire(import.meta.url).resolve('@fontsource-variable/inter/package.json')), 'files');
