import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Connections } from './connection';
import { badRequest, nameInUse, unauthorized } from './errors';
import { apiKey, instanceRoute, isGlobalKey } from './guard';
import { defaultServerSettings, type Instance } from './instance';
import type { Lifecycle } from './lifecycle';
import { phoneJid } from './addresses';
import { qrPng } from '../world/qr';
import type { Server } from './server';
import { validate } from './validate';
import { WebhookBody, webhookConfig } from './webhook.routes';

const VERSION = '2.3.7';

const Create = z.looseObject({
  instanceName: z.string().min(1),
  integration: z.enum(['WHATSAPP-BAILEYS', 'WHATSAPP-BUSINESS', 'EVOLUTION']).default('WHATSAPP-BAILEYS'),
  token: z.string().min(1).optional(),
  number: z.string().regex(/^\d+$/).optional(),
  qrcode: z.boolean().default(false),
  webhook: WebhookBody.optional(),
});

const ServerSettings = z.object({
  rejectCall: z.boolean(),
  msgCall: z.string().default(''),
  groupsIgnore: z.boolean(),
  alwaysOnline: z.boolean(),
  readMessages: z.boolean(),
  readStatus: z.boolean(),
  syncFullHistory: z.boolean(),
});

/** What the server says of itself and of its instances (contract §1). */
export function instanceRoutes(
  scope: FastifyInstance,
  server: Server,
  connections: Connections,
  lifecycle: Lifecycle,
): void {
  scope.get('/', async () => ({
    status: 200,
    message: 'Welcome to the Evolution API, it is working!',
    version: VERSION,
    clientName: 'evolution_simulated',
    manager: `${server.world.origin}/evolution/manager`,
    documentation: 'https://doc.evolution-api.com',
    whatsappWebVersion: '2.3000.1025000000',
  }));

  scope.post('/verify-creds', async (request) => {
    if (!isGlobalKey(server, request)) throw unauthorized();
    return {
      status: 200,
      message: 'Credentials are valid',
      facebookAppId: null,
      facebookConfigId: null,
      facebookUserToken: null,
    };
  });

  scope.post('/instance/create', async (request, reply) => {
    const body = create(server, request);
    const instance = lifecycle.add({
      ref: body.instanceName,
      token: body.token,
      phone: body.number,
      integration: body.integration,
      settings: {},
    });
    if (body.webhook) instance.webhook = webhookConfig(body.webhook, undefined, server.world.clock.now());
    Object.assign(instance.server, ServerSettings.partial().parse(body));
    connections.start(instance, body.number);
    return reply.status(201).send(created(instance, body.qrcode));
  });

  scope.get('/instance/fetchInstances', async (request) => fetchInstances(server, request));

  instanceRoute(scope, server, ['GET', '/instance/connect'], (instance, { request }) => {
    if (instance.state === 'open') return stateOf(instance);
    connections.start(instance, (request.query as { number?: string }).number);
    return instance.qr ? qrOf(instance) : { count: 0 };
  });
  instanceRoute(scope, server, ['GET', '/instance/connectionState'], (instance) => stateOf(instance));
  instanceRoute(scope, server, ['POST', '/instance/restart'], (instance) => {
    if (instance.state === 'close') return { error: true, message: '[object Object]' };
    if (instance.state === 'open') connections.drop(instance, 515);
    return instance.qr ? qrOf(instance) : stateOf(instance);
  });
  instanceRoute(scope, server, ['DELETE', '/instance/logout'], (instance) => {
    if (instance.state === 'close') throw badRequest(`The "${instance.ref}" instance is not connected`);
    connections.lose(instance);
    return { status: 'SUCCESS', error: false, response: { message: 'Instance logged out' } };
  });
  instanceRoute(scope, server, ['DELETE', '/instance/delete'], (instance) => {
    lifecycle.remove(instance);
    return { status: 'SUCCESS', error: false, response: { message: 'Instance deleted' } };
  });
  instanceRoute(scope, server, ['POST', '/instance/setPresence'], (_instance, { request, reply }) => {
    const { presence } = validate(z.object({ presence: z.enum(['available', 'unavailable']) }), request.body);
    return reply.status(201).send({ presence });
  });
  instanceRoute(scope, server, ['POST', '/settings/set'], (instance, { request, reply }) => {
    instance.server = { ...defaultServerSettings, ...validate(ServerSettings, request.body) };
    server.touch(instance);
    return reply.status(201).send({ settings: { instanceName: instance.ref, settings: instance.server } });
  });
  instanceRoute(scope, server, ['GET', '/settings/find'], (instance) => instance.server);
}

/** Its name is checked before its key: a name in use says 403 even to strangers. */
function create(server: Server, request: FastifyRequest) {
  const name = (request.body as { instanceName?: string } | null)?.instanceName ?? '';
  if (server.instances.get(name)) throw nameInUse(name);
  if (!isGlobalKey(server, request)) throw unauthorized();
  return validate(Create, request.body);
}

function created(instance: Instance, withQr: boolean) {
  const webhook = instance.webhook && {
    webhookUrl: instance.webhook.url,
    webhookHeaders: instance.webhook.headers,
    webhookByEvents: instance.webhook.webhookByEvents,
    webhookBase64: instance.webhook.webhookBase64,
  };
  return {
    instance: {
      instanceName: instance.ref,
      instanceId: instance.id,
      integration: instance.integration,
      webhookWaBusiness: null,
      accessTokenWaBusiness: '',
      status: instance.state,
    },
    hash: instance.token,
    webhook: webhook ?? {},
    websocket: {},
    rabbitmq: {},
    nats: {},
    sqs: {},
    settings: instance.server,
    ...(withQr && instance.qr && { qrcode: qrOf(instance) }),
  };
}

const stateOf = (instance: Instance) => ({ instance: { instanceName: instance.ref, state: instance.state } });

function qrOf(instance: Instance) {
  const { qr } = instance;
  return qr ? { pairingCode: qr.pairingCode, code: qr.code, base64: qrPng(qr.code), count: qr.count } : { count: 0 };
}

/** The global key sees all; an instance's token sees its own row. */
function fetchInstances(server: Server, request: FastifyRequest) {
  const all = [...server.instances.values()];
  const visible = isGlobalKey(server, request) ? all : all.filter((instance) => instance.token === apiKey(request));
  if (visible.length === 0 && !isGlobalKey(server, request)) throw unauthorized();
  const { instanceName, instanceId, number } = request.query as Record<string, string | undefined>;
  return visible
    .filter(
      (each) =>
        (!instanceName || each.ref === instanceName) &&
        (!instanceId || each.id === instanceId) &&
        (!number || each.phone === number),
    )
    .map((each) => rowOf(server, each));
}

function rowOf(server: Server, instance: Instance) {
  const chats = [...server.world.chats.of(instance)];
  return {
    id: instance.id,
    name: instance.ref,
    connectionStatus: instance.state,
    ownerJid: instance.linked ? phoneJid(instance.phone) : null,
    profileName: instance.linked ? instance.name : null,
    profilePicUrl: null,
    integration: instance.integration,
    number: instance.phone,
    businessId: null,
    token: instance.token,
    clientName: 'evolution_simulated',
    disconnectionReasonCode: instance.disconnected?.code ?? null,
    disconnectionObject: null,
    disconnectionAt: instance.disconnected?.at ?? null,
    createdAt: instance.createdAt,
    updatedAt: instance.updatedAt,
    Chatwoot: null,
    Proxy: null,
    Rabbitmq: null,
    Nats: null,
    Sqs: null,
    Websocket: null,
    Setting: instance.server,
    _count: {
      Message: chats.reduce((sum, chat) => sum + server.world.chats.history(chat).length, 0),
      Contact: chats.length,
      Chat: chats.length,
    },
  };
}
