import type { FastifyError, FastifyInstance } from 'fastify';
import { compose } from '../compose';
import {
  ControlError,
  type AccountView,
  type NewAccount,
  type ProviderFactory,
  type SimulatedProvider,
  type WebhookTarget,
} from '../provider';
import { Receive, type Past } from '../receive';
import { keyOf, type Account } from '../world/account';
import { acceptLenientJson, acceptMultipart } from '../world/bodies';
import { recordCalls } from '../world/call-log';
import { hexOf } from '../world/ids';
import { changeSettings, lifelikeSettings } from '../world/settings';
import type { World } from '../world/world';
import { chatRoutes } from './chat.routes';
import { Connections } from './connection';
import { badRequest, EvolutionError, notFound, serverError } from './errors';
import { groupRoutes } from './group.routes';
import { Happenings } from './happenings';
import { digits, newInboundId, sceneOf } from './inbound';
import { EvolutionSettings, type Instance } from './instance';
import { instanceRoutes } from './instance.routes';
import { Lifecycle } from './lifecycle';
import { qrPng } from '../world/qr';
import { emitStatus, Sends } from './sends';
import { sendRoutes } from './send.routes';
import { Server } from './server';
import { webhookConfig, webhookRoutes } from './webhook.routes';

/** The body limit of the real server: files come as base64. */
const BODY_LIMIT = 136 * 1024 * 1024;

const demo = [
  { ref: 'acme-evolution', name: 'Acme Sales', phone: '15550102001' },
  { ref: 'globex-evolution', name: 'Globex Support', phone: '15550102002' },
];

/** Evolution API v2.3.7 with Baileys instances. Source: contract "Evolution API". */
export const evolution: ProviderFactory = (world) => new Evolution(world);

class Evolution implements SimulatedProvider {
  readonly name = 'evolution';
  readonly features = { typing: true, edit: true, delete: true, groups: true, qr: true };
  private readonly server: Server;
  private readonly connections: Connections;
  private readonly lifecycle: Lifecycle;
  private readonly sends: Sends;
  private readonly happenings: Happenings;

  constructor(private readonly world: World) {
    this.server = new Server(world);
    this.connections = new Connections(this.server);
    this.lifecycle = new Lifecycle(this.server, this.connections);
    this.sends = new Sends(this.server, this.connections);
    this.happenings = new Happenings(this.server, this.connections, (instance) => this.lifecycle.remove(instance));
    world.progress.register(this.name, (message, step) => {
      const instance = this.server.instances.get(message.account.slice(this.name.length + 1));
      return instance && emitStatus(this.server, instance, message, step);
    });
    this.addDemo();
  }

  routes(scope: FastifyInstance): void {
    acceptLenientJson(scope);
    acceptMultipart(scope);
    recordCalls(scope, this.world);
    scope.addHook('onRoute', (route) => void (route.bodyLimit = BODY_LIMIT));
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      const known = error instanceof EvolutionError ? error : translated(error);
      return reply.status(known.status).headers(known.headers).send(known.body);
    });
    scope.setNotFoundHandler((request) => {
      throw notFound(`Cannot ${request.method} ${request.url.replace(/^\/evolution/, '').replace(/\?.*$/, '') || '/'}`);
    });
    instanceRoutes(scope, this.server, this.connections, this.lifecycle);
    webhookRoutes(scope, this.server);
    sendRoutes(scope, this.server, this.sends);
    chatRoutes(scope, this.server, this.sends);
    groupRoutes(scope, this.server);
  }

  accounts(): Instance[] {
    return [...this.server.instances.values()];
  }

  find(ref: string): Instance | undefined {
    return this.server.instances.get(ref);
  }

  create({ ref, name, phone, connected, settings }: NewAccount): Instance {
    const instance = this.lifecycle.add({ ref, name, phone, settings });
    if (connected) this.link(instance);
    else this.connections.start(instance);
    return instance;
  }

  remove(account: Account): void {
    this.lifecycle.remove(this.instance(account));
  }

  describe(account: Account): AccountView {
    const { ref, token, webhook } = this.instance(account);
    const headers = webhook?.headers ?? {};
    return {
      ref,
      config: { baseUrl: `${this.world.origin}/evolution`, instance: ref, apiKey: token },
      webhook: { url: webhook?.url ?? null, headers, secret: headers['X-Parley-Secret'] ?? null },
    };
  }

  connection(account: Account) {
    const { state, qr } = this.instance(account);
    return qr ? { state, qr: qrPng(qr.code), pairingCode: qr.pairingCode } : { state };
  }

  async setWebhook(account: Account, { url, headers, secret }: WebhookTarget): Promise<void> {
    const instance = this.instance(account);
    const all = { ...headers, ...(secret && { 'X-Parley-Secret': secret }) };
    const wanted = { enabled: true, url, headers: all, byEvents: false, base64: false, events: [] };
    instance.webhook = webhookConfig(wanted, instance.webhook ?? undefined, this.world.clock.now());
    this.server.touch(instance);
  }

  configure(account: Account, change: unknown): EvolutionSettings {
    const instance = this.instance(account);
    instance.settings = changeSettings(EvolutionSettings, instance.settings, change);
    this.server.touch(instance);
    return instance.settings;
  }

  receive(account: Account, event: Receive): { externalId: string | null } {
    return this.happenings.happen(this.instance(account), event);
  }

  record(account: Account, past: Past): { externalId: string } {
    const instance = this.instance(account);
    const event = Receive.parse({ ...past, at: past.at, fromMe: past.direction === 'outbound' });
    const { chat } = sceneOf(this.server, { ...instance, state: 'close' }, event);
    const ours = past.direction === 'outbound';
    const id = past.externalId ?? (ours ? newInboundId().replace(/^3A/, '3EB0') : newInboundId());
    if (past.answers) this.world.chats.change(chat, { answers: past.answers });
    if (!ours) this.world.chats.change(chat, { lastInboundAt: Math.max(past.at, chat.lastInboundAt ?? 0) });
    const author = chat.group && !ours ? digits(past.from) : undefined;
    const content = compose(event, this.world.media);
    this.world.chats.add(chat, {
      id,
      ours,
      via: 'history',
      author,
      content,
      at: past.at,
      quoted: past.replyTo,
      status: past.status,
    });
    if (content.kind === 'reaction')
      this.reactInPast(instance, content.target, ours ? '' : digits(past.from), content.text);
    return { externalId: id };
  }

  /** The server keeps its retries in memory: a restart has lost them. */
  resume(): void {
    for (const entry of this.world.journal.unfinished(this.name)) {
      entry.outcome = 'given-up';
      this.world.journal.changedEntry(entry);
    }
    for (const instance of this.server.instances.values()) this.connections.resume(instance);
  }

  reset(): void {
    const kept = this.accounts()
      .filter((instance) => instance.demo)
      .map((instance) => [instance.ref, instance.webhook] as const);
    for (const instance of this.accounts()) this.server.instances.delete(instance.ref);
    this.server.tries.clear();
    this.addDemo();
    for (const [ref, webhook] of kept) Object.assign(this.server.instances.get(ref) ?? {}, { webhook });
  }

  /** The same tokens each time, so that a Parley that knows them stays connected over a reset. */
  private addDemo(): void {
    for (const { ref, name, phone } of demo) {
      if (this.server.instances.get(ref)) continue;
      const token = hexOf(`token of ${ref}`, 32).toUpperCase();
      this.link(this.lifecycle.add({ ref, name, phone, token, demo: true, pace: lifelikeSettings }));
    }
  }

  private link(instance: Instance): void {
    Object.assign(instance, { state: 'open', linked: true });
    this.server.instances.touch(instance.ref);
  }

  private reactInPast(instance: Instance, target: string, by: string, emoji: string): void {
    const message = this.world.chats.message(instance, target);
    if (message) this.world.chats.react(message, by, emoji);
  }

  private instance(account: Account): Instance {
    const instance = this.server.instances.get(account.ref);
    if (!instance) throw new ControlError(404, `No account ${keyOf(account)}`);
    return instance;
  }
}

/** What the framework refused, in the server's words. */
function translated(error: FastifyError): EvolutionError {
  if (error.statusCode === 413) return new EvolutionError(413, 'Payload Too Large', 'request entity too large');
  if (error.statusCode && error.statusCode < 500) return badRequest(error.message);
  console.error(error);
  return serverError(error.message);
}
