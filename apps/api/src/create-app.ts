import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Env } from '@parley/platform/env';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule, type AppOptions } from './app.module';
import { assertEveryRoute } from './http/route-catalogue';

const BODY_LIMIT = 2 ** 20;

/** The whole HTTP side, initialised but not listening. Throws when routes and handlers do not match. */
export async function createApp(env: Env, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: env.TRUST_PROXY.split(',').map((address) => address.trim()),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    genReqId: correlationIdOf,
    requestIdHeader: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(env, options), adapter, {
    bufferLogs: true,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  adapter.getInstance().addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  if (env.NODE_ENV !== 'test') assertEveryRoute(app);
  await app.init();
  return app;
}

/** Starts it in this process, where the environment says. Also how tests start it. */
export async function serveApi(env: Env, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const app = await createApp(env, options);
  await app.listen(env.API_PORT, env.API_HOST);
  return app;
}

/** A caller's own id is kept where it is one, so that their log and ours meet. */
function correlationIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}
