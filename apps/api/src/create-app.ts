import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { AUTH } from '@parley/inbox/people/people.module';
import type { Auth } from '@parley/inbox/people/auth';
import { KeyholdersService } from '@parley/inbox/api-keys/keyholders.service';
import { CompanySignInService } from '@parley/inbox/company-sign-in/company-sign-in.service';
import { SessionsService } from '@parley/inbox/people/sessions.service';
import { FilesService } from '@parley/inbox/files/files.service';
import { InstallsService } from '@parley/inbox/accounts/installs.service';
import { IntakeService } from '@parley/inbox/intake/intake.service';
import { Departure } from '@parley/platform/departure';
import type { Env } from '@parley/platform/env';
import { trustedOrigins } from '@parley/platform/origins';
import { RateLimits } from '@parley/platform/rate-limits';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { AppModule, type AppOptions } from './app.module';
import { registerInstalls } from './accounts/install.routes';
import { registerDocs } from './docs/docs.routes';
import { registerFiles } from './files/file.routes';
import { takeJsonAndFiles } from './http/json-parser';
import { assertOrigin, isApi, isWebhook } from './http/origin.hook';
import { proxyPages } from './http/pages.proxy';
import { assertEveryRoute } from './http/route-catalogue';
import { addSecurityHeaders } from './http/security-headers';
import { throttleAddress } from './http/throttle';
import { registerAuth } from './people/auth.routes';
import { registerCompanySignIn } from './people/company.routes';
import { registerToken } from './people/token.routes';
import { HttpWatch } from './watch/http-watch';
import { WebhookLog } from './watch/webhook-log';
import { registerWebhooks } from './webhooks/webhook.routes';

const BODY_LIMIT_BYTES = 2 ** 20;
/** From the close on, for a request that was under way. */
const SILENT_MS = 500;

/** The whole HTTP side, initialised but not listening. Throws when routes and handlers do not match. */
async function createApp(env: Env, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: proxiesOf(env),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle', // calls in flight get their answer, and webhooks their ack
    return503OnClosing: false, // so does what still comes over a connection that is open
    requestTimeout: 30_000,
    genReqId: correlationIdOf,
    requestIdHeader: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(env, options), adapter, {
    bufferLogs: true,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  assertEveryRoute(app);
  await prepare(adapter.getInstance<FastifyInstance>(), app, env);
  await app.init();
  return app;
}

/** Starts it in this process, where the environment says. Also how tests start it. */
export async function serveApi(env: Env, options: AppOptions = {}): Promise<NestFastifyApplication> {
  const app = await createApp(env, options);
  await app.listen(env.API_PORT, env.API_HOST);
  return app;
}

/** Hooks come first, in the order they run; then what is served outside of Nest. */
async function prepare(fastify: FastifyInstance, app: NestFastifyApplication, env: Env): Promise<void> {
  const [origins, limits] = [trustedOrigins(env), app.get(RateLimits)];
  takeJsonAndFiles(fastify);
  letGoWhenDeparting(fastify, app.get(Departure));
  closeSilent(fastify);
  addSecurityHeaders(fastify, env);
  app.get(HttpWatch).observe(fastify);
  const admit = async (request: FastifyRequest, reply: FastifyReply) => {
    await throttleAddress(limits, env, request, reply);
    assertOrigin(request, origins);
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    if (!isApi(request) || isWebhook(request)) return done();
    admit(request, reply).then(() => done(), done);
  });
  registerAuth(fastify, { auth: app.get<Auth>(AUTH), sessions: app.get(SessionsService), limits });
  registerCompanySignIn(fastify, {
    env,
    companies: app.get(CompanySignInService),
    sessions: app.get(SessionsService),
    limits,
  });
  registerToken(fastify, app.get(KeyholdersService));
  registerWebhooks(fastify, app.get(IntakeService), app.get(WebhookLog));
  registerInstalls(fastify, {
    env,
    sessions: app.get(SessionsService),
    installs: app.get(InstallsService),
    limits,
  });
  registerFiles(fastify, { env, files: app.get(FilesService), limits });
  registerDocs(fastify, env);
  if (env.WEB_URL) await proxyPages(fastify, env, env.WEB_URL);
}

/** Whose word counts for a caller's address; nobody's when the list is empty. */
function proxiesOf({ TRUST_PROXY }: Env): string[] | false {
  const proxies = TRUST_PROXY.split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  return proxies.length > 0 && proxies;
}

/** A connection that is kept alive would keep the process too, and bring what it does not want any more. */
function letGoWhenDeparting(fastify: FastifyInstance, departure: Departure): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (departure.hasBegun) void reply.header('connection', 'close');
    done();
  });
}

/** Node waits for a connection over which nothing was ever asked; browsers open such ahead. One on its way is let come. */
function closeSilent(fastify: FastifyInstance): void {
  const open = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  fastify.addHook('preClose', (done) => {
    setTimeout(() => {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    }, SILENT_MS).unref();
    done();
  });
}

/** A caller's own id is kept where it is one, so that their log and ours meet. */
function correlationIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
}
