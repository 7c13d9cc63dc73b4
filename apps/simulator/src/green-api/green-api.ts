import type { FastifyError, FastifyInstance } from 'fastify';
import { compose } from '../compose';
import { qrPng } from '../world/qr';
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
import { randomPhone } from '../world/ids';
import { changeSettings, lifelikeSettings, quickSettings } from '../world/settings';
import type { World } from '../world/world';
import { chatMethods } from './chat.methods';
import { Cloud, digits, idOf, newApiId, newPhoneId, tokenOf } from './cloud';
import { Connections } from './connections';
import { GreenApiError, notFound } from './errors';
import { Happenings } from './happenings';
import { sceneOf } from './inbound';
import { instanceMethods } from './instance.methods';
import { defaultInstanceSettings, greenApiDefaults, GreenApiSettings, type Instance } from './instance';
import { mountMethods } from './methods';
import { sendMethods } from './send.methods';
import { emitStatus, Sends } from './sends';

const BODY_LIMIT = 110 * 1024 * 1024;

/** Some minutes at the vendor's; long enough here to be seen. */
const DEMO_RESTART_MS = 2_000;
/** A minute at the vendor's. The demo is seeded before its api listens, and nobody who tries it waits so long behind that. */
const DEMO_RETRY_MS = 2_000;

const demo = [
  { ref: 'acme-green-api', name: 'Acme Service', phone: '15550102021' },
  { ref: 'globex-green-api', name: 'Globex Service', phone: '15550102022' },
];

/** GREEN-API's cloud: API and media behind one address. Source: contract "GREEN-API". */
export const greenApi: ProviderFactory = (world) => new GreenApi(world);

class GreenApi implements SimulatedProvider {
  readonly name = 'green-api';
  readonly features = { typing: false, edit: true, delete: true, groups: true, qr: true };
  private readonly cloud: Cloud;
  private readonly connections: Connections;
  private readonly sends: Sends;
  private readonly happenings: Happenings;

  constructor(private readonly world: World) {
    this.cloud = new Cloud(world);
    this.connections = new Connections(this.cloud);
    this.sends = new Sends(this.cloud, this.connections);
    this.happenings = new Happenings(this.cloud, this.connections, this.sends);
    this.connections.onLinked((instance) => void this.sends.release(instance));
    world.progress.register(this.name, (message, step) => {
      const instance = this.cloud.instances.get(message.account.slice(this.name.length + 1));
      if (instance) emitStatus(this.sends, this.cloud, instance, message, step);
    });
    this.addDemo();
  }

  routes(scope: FastifyInstance): void {
    acceptLenientJson(scope);
    acceptMultipart(scope);
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    recordCalls(scope, this.world);
    scope.addHook('onRoute', (route) => void (route.bodyLimit = BODY_LIMIT));
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error instanceof GreenApiError) return reply.status(error.status).headers(error.headers).send(error.body);
      const status = error.statusCode ?? 500;
      if (status === 500) console.error(error);
      return reply.status(status).send({ message: error.message });
    });
    scope.setNotFoundHandler(() => {
      throw notFound();
    });
    this.fileRoute(scope);
    mountMethods(scope, this.cloud, {
      ...instanceMethods(this.cloud, this.connections),
      ...sendMethods(this.cloud, this.sends),
      ...chatMethods(this.cloud),
    });
  }

  /** Plain and public, until the link ends. */
  private fileRoute(scope: FastifyInstance): void {
    scope.get('/files/:until/:id/:name', async (request, reply) => {
      const { until, id } = request.params as { until: string; id: string };
      const file = this.world.media.find(id);
      if (!file || Number(until) < this.world.clock.now()) throw notFound();
      return reply.type(file.mimeType).send(this.world.media.read(id));
    });
  }

  accounts(): Instance[] {
    return [...this.cloud.instances.values()];
  }

  find(ref: string): Instance | undefined {
    return this.cloud.instances.get(ref);
  }

  create({ ref, name, phone, connected, settings }: NewAccount): Instance {
    return this.add({ ref, name: name ?? ref, phone: phone ?? randomPhone(), connected, settings });
  }

  remove(account: Account): void {
    const instance = this.instance(account);
    this.cloud.notifications.forget(instance);
    this.world.chats.forget(instance);
    this.cloud.instances.delete(instance.ref);
    this.world.bus.publish({ type: 'account', account: keyOf(instance) });
  }

  describe(account: Account): AccountView {
    const { ref, idInstance, token, wa } = this.instance(account);
    const origin = `${this.world.origin}/green-api`;
    const secret = String(wa.webhookUrlToken ?? '') || null;
    return {
      ref,
      config: { apiUrl: origin, mediaUrl: origin, idInstance, apiTokenInstance: token },
      webhook: {
        url: String(wa.webhookUrl ?? '') || null,
        headers: secret === null ? {} : { Authorization: `Bearer ${secret}` },
        secret,
      },
    };
  }

  connection(account: Account) {
    const instance = this.instance(account);
    if (instance.state === 'starting') return { state: 'connecting' as const };
    const code = this.connections.code(instance);
    if (code !== null) return { state: 'connecting' as const, qr: qrPng(code), pairingCode: null };
    return { state: instance.state === 'blocked' ? ('close' as const) : ('open' as const) };
  }

  /** As a person would set it in the console, with every notification. */
  async setWebhook(account: Account, { url, headers = {}, secret }: WebhookTarget): Promise<void> {
    const instance = this.instance(account);
    const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
    const token = secret ?? header?.replace(/^Bearer /, '');
    const flags = Object.keys(defaultInstanceSettings).filter((name) => name.endsWith('Webhook'));
    Object.assign(instance.wa, Object.fromEntries(flags.map((name) => [name, 'yes'])), {
      webhookUrl: url,
      ...(token !== undefined && { webhookUrlToken: token }),
    });
    this.cloud.touch(instance);
    void this.cloud.notifications.pump(instance);
  }

  configure(account: Account, change: unknown): GreenApiSettings {
    const instance = this.instance(account);
    instance.settings = changeSettings(GreenApiSettings, instance.settings, change);
    this.cloud.touch(instance);
    return instance.settings;
  }

  receive(account: Account, event: Receive): { externalId: string | null } {
    return this.happenings.happen(this.instance(account), event);
  }

  record(account: Account, past: Past): { externalId: string } {
    const instance = this.instance(account);
    const { chats, media } = this.world;
    const ours = past.direction === 'outbound';
    const event = Receive.parse({ ...past, at: past.at, fromMe: ours });
    const { chat } = sceneOf(this.cloud, instance, event);
    const id = past.externalId ?? (ours ? newApiId() : newPhoneId());
    if (past.answers) chats.change(chat, { answers: past.answers });
    if (!ours) chats.change(chat, { lastInboundAt: Math.max(past.at, chat.lastInboundAt ?? 0) });
    const author = chat.group && !ours ? digits(past.from) : undefined;
    const content = compose(event, media);
    const { at, status, replyTo: quoted } = past;
    if (content.kind === 'reaction') {
      const target = chats.message(instance, content.target);
      if (target) chats.react(target, ours ? '' : digits(past.from), content.text);
      return { externalId: id };
    }
    chats.add(chat, { id, ours, via: 'history', author, content, at, quoted, status });
    return { externalId: id };
  }

  /** Queues are kept: what was not answered goes out again. */
  resume(): void {
    for (const entry of this.world.journal.unfinished(this.name)) {
      entry.outcome = 'given-up';
      this.world.journal.changedEntry(entry);
    }
    for (const instance of this.accounts()) {
      if (instance.state === 'starting') this.connections.become(instance, 'authorized');
      void this.cloud.notifications.pump(instance);
      void this.sends.release(instance);
    }
  }

  reset(): void {
    const kept = this.accounts()
      .filter((instance) => instance.demo)
      .map((instance) => [instance.ref, instance.wa] as const);
    this.cloud.notifications.forget();
    this.cloud.tries.clear();
    for (const { ref } of this.accounts()) this.cloud.instances.delete(ref);
    this.addDemo();
    for (const [ref, wa] of kept) Object.assign(this.cloud.instances.get(ref) ?? {}, { wa });
  }

  /** The same ids and tokens each time, so that a Parley that knows them stays connected over a reset. */
  private addDemo(): void {
    for (const one of demo) {
      if (!this.cloud.instances.get(one.ref)) this.add({ ...one, connected: true, demo: true });
    }
  }

  private add({
    connected,
    demo: isDemo = false,
    settings,
    ...known
  }: Pick<Instance, 'ref' | 'name' | 'phone'> & { connected: boolean; demo?: boolean; settings?: unknown }): Instance {
    const pace = isDemo ? { ...lifelikeSettings, restartMs: DEMO_RESTART_MS, retryMs: DEMO_RETRY_MS } : quickSettings;
    return this.cloud.instances.set(known.ref, {
      provider: 'green-api',
      ...known,
      demo: isDemo,
      idInstance: idOf(known.ref),
      token: tokenOf(known.ref),
      state: connected ? 'authorized' : 'notAuthorized',
      wa: { ...defaultInstanceSettings },
      queue: [],
      qr: null,
      history: [],
      settings: changeSettings(GreenApiSettings, { ...greenApiDefaults, ...pace }, settings ?? {}),
    });
  }

  private instance(account: Account): Instance {
    const instance = this.cloud.instances.get(account.ref);
    if (!instance) throw new ControlError(404, `No account ${keyOf(account)}`);
    return instance;
  }
}
