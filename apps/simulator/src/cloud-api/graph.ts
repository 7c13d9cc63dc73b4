import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { keyOf } from '../world/account';
import { judgeCall } from '../world/call-faults';
import { noPermission, parameter, tokenExpired, tokenMissing, unknownObject } from './errors';
import type { HeldFiles } from './files';
import type { Limits } from './limits';
import { refusals, type Messages } from './messages';
import type { Numbers } from './numbers';
import type { Line, Scope, State } from './state';
import { shown } from './template-rules';
import type { Templates } from './templates';
import type { Wabas } from './wabas';

/** What a call is about, after its token was checked. */
interface Call {
  /** The number whose token it is: decides what is visible. */
  caller: Line;
  request: FastifyRequest;
  reply: FastifyReply;
  query: Record<string, string | undefined>;
}

interface Nodes {
  messages: Messages;
  files: HeldFiles;
  numbers: Numbers;
  wabas: Wabas;
  templates: Templates;
  limits: Limits;
}

/** Graph's paths: `/{version}/{id}` and `/{version}/{id}/{edge}`, where the id alone says what it is (contract §7). */
export function graphRoutes(scope: FastifyInstance, state: State, nodes: Nodes): void {
  const callers = new WeakMap<FastifyRequest, Line>();
  scope.addHook('onRequest', async (request, reply) => {
    const caller = callerOf(state, request);
    callers.set(request, caller);
    reply.accountKey = keyOf(caller);
    await judgeCall(state.world, caller, refusals);
  });
  const callOf = (request: FastifyRequest, reply: FastifyReply): Call => {
    const caller = callers.get(request);
    if (!caller) throw tokenMissing();
    return { caller, request, reply, query: request.query as Call['query'] };
  };

  scope.get('/_media/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    return nodes.files.download(callOf(request, reply).caller, id, request, reply);
  });
  scope.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/:version/:id',
    handler: async (request, reply) => node(state, nodes, callOf(request, reply), paramsOf(request)),
  });
  scope.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/:version/:id/:edge',
    handler: async (request, reply) => edge(state, nodes, callOf(request, reply), paramsOf(request)),
  });
}

function paramsOf(request: FastifyRequest): { id: string; edge: string } {
  const { version, id, edge = '' } = request.params as { version: string; id: string; edge?: string };
  if (!/^v\d+\.\d+$/.test(version)) throw unknownObject(version);
  return { id, edge };
}

/** The number of the token. Throws 190, with subcode 463 for one that ran out. */
function callerOf(state: State, request: FastifyRequest): Line {
  const [, bearer] = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const token = bearer ?? (request.query as { access_token?: string }).access_token;
  if (!token) throw tokenMissing();
  if (token.startsWith('expired-')) throw tokenExpired();
  return state.ofToken(token) ?? fail(tokenMissing());
}

/** A number, a template or a file by its id alone. */
async function node(state: State, nodes: Nodes, call: Call, { id }: { id: string }): Promise<unknown> {
  const { caller, request, query } = call;
  const line = visible(state, caller, id);
  if (line) {
    may(caller, 'whatsapp_business_management');
    if (request.method === 'GET') return nodes.numbers.show(line, query.fields);
    if (request.method === 'POST') return checked(() => nodes.numbers.change(line, request.body));
    throw unknownObject(id);
  }
  const template = nodes.templates.byId(caller, id);
  if (template) {
    managed(nodes, caller);
    return request.method === 'POST' ? nodes.templates.edit(caller, id, request.body) : shown(template, query.fields);
  }
  if (!nodes.files.find(caller, id)) throw unknownObject(id);
  may(caller, 'whatsapp_business_messaging');
  return request.method === 'DELETE' ? nodes.files.remove(caller, id) : nodes.files.lookUp(caller, id);
}

async function edge(state: State, nodes: Nodes, call: Call, params: { id: string; edge: string }): Promise<unknown> {
  const line = visible(state, call.caller, params.id);
  if (line) return numberEdge(nodes, call, line, params.edge);
  if (params.id === call.caller.wabaId) return wabaEdge(nodes, call, params);
  throw unknownObject(params.id);
}

async function numberEdge(nodes: Nodes, { caller, request, reply }: Call, line: Line, edge: string): Promise<unknown> {
  switch (`${request.method} ${edge}`) {
    case 'POST messages':
      may(caller, 'whatsapp_business_messaging');
      return nodes.messages.post(line, request, reply);
    case 'POST media':
      may(caller, 'whatsapp_business_messaging');
      return nodes.files.upload(line, request.body);
    case 'POST register':
      may(caller, 'whatsapp_business_management');
      return checked(() => nodes.numbers.register(line, request.body));
    case 'GET block_users':
      return nodes.numbers.blocked(line);
    case 'POST block_users':
    case 'DELETE block_users': {
      const result = await checked(() => nodes.numbers.block(line, request.body, request.method === 'POST'));
      return 'error' in result ? reply.status(400).send(result) : result;
    }
    default:
      throw unknownObject(line.id);
  }
}

async function wabaEdge(
  nodes: Nodes,
  { caller, request, query }: Call,
  { id, edge }: { id: string; edge: string },
): Promise<unknown> {
  managed(nodes, caller);
  switch (`${request.method} ${edge}`) {
    case 'GET phone_numbers':
      return nodes.wabas.phoneNumbers(caller, query);
    case 'GET subscribed_apps':
      return nodes.wabas.subscribed(caller);
    case 'POST subscribed_apps':
      return nodes.wabas.subscribe(caller, request.body);
    case 'DELETE subscribed_apps':
      return nodes.wabas.unsubscribe(caller);
    case 'GET message_templates':
      return nodes.templates.list(caller, query);
    case 'POST message_templates':
      return nodes.templates.create(caller, request.body);
    case 'DELETE message_templates':
      return nodes.templates.remove(caller, query);
    default:
      throw unknownObject(id);
  }
}

/** Numbers of the token's own business; others look as if they were not there. */
function visible(state: State, caller: Line, id: string): Line | undefined {
  const line = state.line(id);
  return line?.wabaId === caller.wabaId ? line : undefined;
}

function may(caller: Line, scope: Scope): void {
  if (!caller.settings.scopes.includes(scope)) throw noPermission();
}

function managed(nodes: Nodes, caller: Line): void {
  may(caller, 'whatsapp_business_management');
  nodes.limits.takeManagement(caller);
}

/** A body of the wrong shape is error 100. */
async function checked<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof z.ZodError ? parameter(z.prettifyError(error)) : error;
  }
}

function fail(error: Error): never {
  throw error;
}
