import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keyOf } from '../world/account';
import { judgeCall, judgeSend, neverAnswer } from '../world/call-faults';
import { chatMethods } from './chat-methods';
import { conversationMethods } from './conversation-methods';
import { fileMethods } from './file-methods';
import type { Files } from './files';
import type { Lines } from './lines';
import type { OAuth } from './oauth';
import type { Posts } from './posts';
import type { State, Token, Workspace } from './state';
import type { Tickets } from './tickets';

/** What a method has at hand. */
export interface Call {
  workspace: Workspace;
  token: Token;
  given: Given;
  reply: FastifyReply;
}

/** An answer of Slack's: 200 whatever it says. */
export type Answer = Record<string, unknown> & { ok: boolean };
export const no = (error: string, more: object = {}): Answer => ({ ok: false, error, ...more });

export interface Method {
  /** One of these must be granted. */
  scopes?: string[];
  /** It changes something that others see: what is to go wrong with sends goes wrong here. */
  sends?: boolean;
  act(call: Call): Answer | Promise<Answer>;
}

export interface World {
  state: State;
  posts: Posts;
  lines: Lines;
  files: Files;
  oauth: OAuth;
  tickets: Tickets;
}

/** Fields of a call, whichever way they came: a form, JSON or the query. */
export class Given {
  constructor(private readonly fields: Record<string, unknown>) {}

  text(name: string): string | undefined {
    const value = this.fields[name];
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  }

  flag(name: string): boolean {
    return this.fields[name] === true || this.fields[name] === 'true' || this.fields[name] === '1';
  }

  /** Lists and objects come as JSON inside of a form. */
  json(name: string): unknown {
    const value = this.fields[name];
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      return undefined;
    }
  }
}

/** What was refused before any method looked at it. */
export class SlackRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Answer | string,
    readonly headers: Record<string, string> = {},
  ) {
    super(`Slack answers ${status}`);
  }
}

const refusals = {
  serverError: () => new SlackRefusal(503, 'upstream connect error'),
  unauthorized: () => new SlackRefusal(200, no('invalid_auth')),
  tooMany: (ms: number) =>
    new SlackRefusal(429, no('ratelimited'), ms ? { 'retry-after': String(Math.ceil(ms / 1000)) } : {}),
  gatewayTimeout: () => new SlackRefusal(504, ''),
};

/** `POST /api/{method}`, and GET for what only reads. */
export function webApi(scope: FastifyInstance, world: World): void {
  const methods: Record<string, Method> = {
    ...chatMethods(world),
    ...conversationMethods(world),
    ...fileMethods(world),
  };
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const { method: name } = request.params as { method: string };
    const fields = { ...(request.query as object), ...(request.body as object | undefined) };
    if (name === 'oauth.v2.access') return world.oauth.access(fields, request.headers.authorization);
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method) return no('unknown_method', { req_method: name });
    const given = new Given(fields);
    const found = opened(world.state, bearer(request) ?? given.text('token'));
    if ('ok' in found) return found;
    const { workspace, token } = found;
    reply.accountKey = keyOf(workspace);
    void reply.header('x-oauth-scopes', token.scopes.join(','));
    if (method.scopes && !method.scopes.some((needed) => token.scopes.includes(needed)))
      return no('missing_scope', { needed: method.scopes[0], provided: token.scopes.join(',') });
    return judged(world, { workspace, token, given, reply }, method, request);
  };
  scope.post('/api/:method', handle);
  scope.get('/api/:method', handle);
}

async function judged(world: World, call: Call, method: Method, request: FastifyRequest) {
  const { world: simulated } = world.state;
  if (!method.sends) {
    await judgeCall(simulated, call.workspace, refusals);
    return method.act(call);
  }
  const verdict = await judgeSend(simulated, call.workspace, undefined, refusals);
  if (verdict.lie) return no('fatal_error');
  const answer = await method.act(call);
  if (!verdict.answerAfterMs) return answer;
  neverAnswer(simulated, request, call.reply); // done, and nobody hears of it: the line breaks
  simulated.clock.after(verdict.answerAfterMs, () => request.raw.socket.destroy());
  return undefined;
}

const bearer = ({ headers }: FastifyRequest) => /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];

/** Whose token it is. Slack says no in these words (contract §9). */
function opened(state: State, given: string | undefined): { workspace: Workspace; token: Token } | Answer {
  if (!given) return no('not_authed');
  for (const workspace of state.workspaces.values()) {
    const token = workspace.tokens.find((each) => each.token === given);
    if (!token) continue;
    if (token.dead) return no(token.dead);
    if (!workspace.installed) return no('account_inactive');
    if (token.expiresAt !== undefined && token.expiresAt <= state.world.clock.now()) return no('token_expired');
    return { workspace, token };
  }
  return no('invalid_auth');
}
