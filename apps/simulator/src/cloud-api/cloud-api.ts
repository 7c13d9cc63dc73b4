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
import { changeSettings } from '../world/settings';
import type { World } from '../world/world';
import { AccountEvents } from './account-events';
import { GraphError, unknownObject, wentWrong } from './errors';
import { HeldFiles } from './files';
import { graphRoutes } from './graph';
import { Happenings } from './happenings';
import { Inbound, newMessageId } from './inbound';
import { Limits } from './limits';
import { Lines } from './lines';
import { MagicRefusals } from './magic';
import { Messages } from './messages';
import { Numbers } from './numbers';
import { People } from './people';
import { CloudSettings, PLATFORM_APP, State, type Line } from './state';
import { Statuses } from './statuses';
import { Templates } from './templates';
import { Wabas } from './wabas';
import { MetaWebhooks } from './webhooks';

/** Videos go up to 16 MB, documents to 100 MB. */
const BODY_LIMIT = 110 * 1024 * 1024;

/** WhatsApp Cloud API: Meta's Graph. Source: contract "WhatsApp Cloud API". */
export const cloudApi: ProviderFactory = (world) => new CloudApi(world);

class CloudApi implements SimulatedProvider {
  readonly name = 'cloud-api';
  readonly features = { typing: false, edit: true, delete: true, groups: false, qr: false };
  private readonly state: State;
  private readonly people: People;
  private readonly files: HeldFiles;
  private readonly webhooks: MetaWebhooks;
  private readonly events: AccountEvents;
  private readonly templates: Templates;
  private readonly inbound: Inbound;
  private readonly happenings: Happenings;
  private readonly numbers: Numbers;
  private readonly limits: Limits;
  private readonly lines: Lines;
  private readonly magic = new MagicRefusals();

  constructor(private readonly world: World) {
    this.state = new State(world);
    this.people = new People(this.state);
    this.files = new HeldFiles(this.state);
    this.webhooks = new MetaWebhooks(this.state);
    this.limits = new Limits(world.clock);
    this.events = new AccountEvents(this.state, this.people, this.webhooks);
    this.templates = new Templates(this.state, this.events);
    this.inbound = new Inbound(this.state, this.people, this.files, this.webhooks);
    this.numbers = new Numbers(this.state, this.people, this.webhooks);
    const statuses = new Statuses(this.state, this.people, this.webhooks);
    const { inbound, templates, events, webhooks } = this;
    this.happenings = new Happenings(this.state, { inbound, statuses, templates, events, webhooks });
    world.progress.register(this.name, (message, step) => {
      const line = this.state.lines.get(message.account.slice(this.name.length + 1));
      return line && statuses.emit(line, message, step);
    });
    this.lines = new Lines(this.state, this.templates);
    this.lines.addDemo();
  }

  routes(scope: FastifyInstance): void {
    acceptLenientJson(scope);
    acceptMultipart(scope);
    recordCalls(scope, this.world);
    scope.addHook('onRoute', (route) => void (route.bodyLimit = BODY_LIMIT));
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      const known = error instanceof GraphError ? error : translated(error);
      const { headers = {}, html } = known.more;
      reply.status(known.status).headers({ 'www-authenticate': 'OAuth "Facebook Platform"', ...headers });
      return html ? reply.type('text/html').send(html) : reply.send(known.body);
    });
    scope.setNotFoundHandler((request) => {
      throw unknownObject(request.url.split('/').at(-1) ?? '');
    });
    const { people, inbound, magic, files, numbers, templates, limits } = this;
    const messages = new Messages(this.state, { people, inbound, magic, files, templates, limits });
    const wabas = new Wabas(this.state, numbers);
    graphRoutes(scope, this.state, { messages, wabas, files, numbers, templates, limits });
  }

  accounts(): Line[] {
    return [...this.state.lines.values()];
  }

  find(ref: string): Line | undefined {
    return this.state.lines.get(ref);
  }

  create(wanted: NewAccount): Line {
    return this.lines.create(wanted);
  }

  remove(account: Account): void {
    this.world.chats.forget(account);
    this.state.remove(this.line(account));
  }

  /** `secret` signs; an app of the account's own also needs to be told to Parley. */
  describe(account: Account): AccountView {
    const line = this.line(account);
    const app = this.state.app(line.appId);
    const own: Record<string, string> =
      app && app.id !== PLATFORM_APP ? { appSecret: app.secret, verifyToken: app.verifyToken } : {};
    return {
      ref: line.ref,
      config: {
        baseUrl: `${this.world.origin}/cloud-api`,
        phoneNumberId: line.id,
        wabaId: line.wabaId,
        accessToken: line.token,
        ...own,
      },
      webhook: {
        url: line.callback ?? line.overrides[line.appId]?.url ?? app?.callbackUrl ?? null,
        headers: {},
        secret: app?.secret ?? null,
      },
    };
  }

  connection(account: Account) {
    return { state: this.line(account).status === 'CONNECTED' ? ('open' as const) : ('close' as const) };
  }

  /** Everything that is told of this number goes there from now on; `secret` is for an app of the account's own. */
  async setWebhook(account: Account, { url, secret, verify }: WebhookTarget): Promise<void> {
    const line = this.line(account);
    const app = this.state.app(line.appId);
    if (!app) throw new ControlError(409, 'This number has lost its app');
    const target = { url, verifyToken: app.verifyToken };
    if (verify) await this.webhooks.handshake(target).catch((error: Error) => refuse(error.message));
    if (app.id !== PLATFORM_APP)
      this.state.apps.set(app.id, { ...app, callbackUrl: url, secret: secret ?? app.secret });
    line.callback = url;
    this.state.touch(line);
  }

  configure(account: Account, change: unknown): CloudSettings {
    const line = this.line(account);
    line.settings = changeSettings(CloudSettings, line.settings, change);
    this.state.touch(line);
    return line.settings;
  }

  receive(account: Account, event: Receive): { externalId: string | null } {
    return this.happenings.happen(this.line(account), event);
  }

  record(account: Account, past: Past): { externalId: string } {
    const line = this.line(account);
    const ours = past.direction === 'outbound';
    const { chat, person, event } = this.inbound.scene(line, Receive.parse({ ...past, fromMe: ours }));
    const id = past.externalId ?? newMessageId(person.key, ours);
    if (past.answers) this.world.chats.change(chat, { answers: past.answers });
    if (!ours) this.world.chats.change(chat, { lastInboundAt: Math.max(past.at, chat.lastInboundAt ?? 0) });
    const author = chat.group && !ours ? person.key : undefined;
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
    const target = content.kind === 'reaction' ? this.world.chats.message(line, content.target) : undefined;
    if (target && content.kind === 'reaction') this.world.chats.react(target, ours ? '' : person.key, content.text);
    return { externalId: id };
  }

  resume(): void {
    this.templates.resume();
    this.webhooks.resume();
  }

  reset(): void {
    this.webhooks.clear();
    this.limits.clear();
    this.magic.clear();
    this.lines.reset();
  }

  private line(account: Account): Line {
    const line = this.find(account.ref);
    if (!line) throw new ControlError(404, `No account ${keyOf(account)}`);
    return line;
  }
}

/** What the framework refused, in Graph's words. */
function translated(error: FastifyError): GraphError {
  if (error.statusCode && error.statusCode < 500)
    return new GraphError(error.statusCode === 413 ? 413 : 400, 100, `(#100) ${error.message}`);
  console.error(error);
  return wentWrong();
}

function refuse(message: string): never {
  throw new ControlError(400, message);
}
