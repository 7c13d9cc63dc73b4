import fastify, { type FastifyInstance } from 'fastify';
import { controlRoutes } from './control/control.routes';
import type { Env } from './env';
import { phoneRoutes } from './phone/phone.routes';
import { providers as factories } from './registry';
import { World } from './world/world';

export interface Simulator {
  server: FastifyInstance;
  world: World;
  /** Listens, and goes on with what an earlier run left. Resolves with its origin. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** Every simulated provider, the control API and the phones' page, behind one port. */
export async function buildSimulator(env: Env): Promise<Simulator> {
  const world = new World({
    folder: env.SIMULATOR_DATA,
    timeScale: env.SIMULATOR_TIME_SCALE,
    parleyUrl: env.PARLEY_URL.replace(/\/$/, ''),
    platformApp: { secret: env.CLOUD_API_APP_SECRET, verifyToken: env.CLOUD_API_VERIFY_TOKEN },
    evolutionKey: env.SIMULATOR_EVOLUTION_KEY,
    slackApp: {
      clientId: env.SLACK_CLIENT_ID,
      clientSecret: env.SLACK_CLIENT_SECRET,
      signingSecret: env.SLACK_SIGNING_SECRET,
    },
  });
  const providers = factories.map((make) => make(world));
  const server = fastify({ forceCloseConnections: true, keepAliveTimeout: 75_000, bodyLimit: 32 * 1024 * 1024 });
  for (const provider of providers) {
    await server.register(async (scope) => provider.routes(scope), { prefix: `/${provider.name}` });
  }
  await server.register(async (scope) => controlRoutes(scope, world, providers), { prefix: '/control' });
  await server.register(async (scope) => phoneRoutes(scope, world, providers));

  return {
    server,
    world,
    async start() {
      await server.listen({ port: env.SIMULATOR_PORT, host: env.SIMULATOR_HOST });
      world.origin = env.SIMULATOR_URL?.replace(/\/$/, '') ?? `http://localhost:${portOf(server)}`;
      for (const provider of providers) provider.resume();
      world.progress.resume();
      return world.origin;
    },
    async stop() {
      await server.close();
      await world.close();
    },
  };
}

function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
