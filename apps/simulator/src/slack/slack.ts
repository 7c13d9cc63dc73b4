import type { FastifyError, FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  ControlError,
  type AccountView,
  type Connection,
  type NewAccount,
  type ProviderFactory,
  type SimulatedProvider,
  type WebhookTarget,
} from '../provider';
import type { Past, Receive } from '../receive';
import { keyOf, type Account } from '../world/account';
import { acceptLenientJson, acceptMultipart } from '../world/bodies';
import { recordCalls } from '../world/call-log';
import { changeSettings } from '../world/settings';
import type { World } from '../world/world';
import { SlackEvents } from './events';
import { Files } from './files';
import { Happenings } from './happenings';
import { Lines } from './lines';
import { OAuth } from './oauth';
import { Posts } from './posts';
import { PLATFORM_APP, quick, SlackSettings, State, type Workspace } from './state';
import { Tickets } from './tickets';
import { SlackRefusal, webApi } from './web-api';

const AppChange = z.strictObject({ deny: z.boolean().optional(), rotation: z.boolean().optional() });

/** Of an upload. */
const BODY_LIMIT = 110 * 1024 * 1024;

/** Slack: workspaces, the Web API, the Events API, and the installing of apps. Source: contract "Slack". */
export const slack: ProviderFactory = (world) => new Slack(world);

class Slack implements SimulatedProvider {
  readonly name = 'slack';
  readonly features = { typing: false, edit: true, delete: true, groups: true, qr: false };
  private readonly state: State;
  private readonly lines: Lines;
  private readonly events: SlackEvents;
  private readonly posts: Posts;
  private readonly files: Files;
  private readonly oauth: OAuth;
  private readonly happenings: Happenings;
  private readonly tickets: Tickets;

  constructor(private readonly world: World) {
    this.state = new State(world);
    this.lines = new Lines(this.state);
    this.events = new SlackEvents(this.state);
    this.posts = new Posts(this.state, this.events);
    this.files = new Files(this.state);
    this.oauth = new OAuth(this.state, this.lines);
    this.tickets = new Tickets(this.state);
    const { state, lines, posts, files, events, tickets } = this;
    this.happenings = new Happenings({ state, lines, posts, files, events, tickets });
    this.lines.addDemo();
  }

  routes(scope: FastifyInstance): void {
    acceptLenientJson(scope);
    acceptMultipart(scope);
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    recordCalls(scope, this.world);
    scope.addHook('onRoute', (route) => void (route.bodyLimit = BODY_LIMIT));
    scope.setErrorHandler((error: FastifyError, _request, reply) => {
      if (error instanceof SlackRefusal) return reply.status(error.status).headers(error.headers).send(error.body);
      if (!error.statusCode || error.statusCode >= 500) console.error(error);
      return reply.status(error.statusCode ?? 500).send({ ok: false, error: 'fatal_error' });
    });
    this.oauth.routes(scope);
    this.files.routes(scope);
    scope.post('/actions/:team/:app/:key', (request, reply) => {
      const { key } = request.params as { key: string };
      const answer = this.respond(key, request.body);
      return reply.status(answer.ok ? 200 : 404).send(answer);
    });
    const { state, posts, lines, files, oauth, tickets } = this;
    webApi(scope, { state, posts, lines, files, oauth, tickets });
  }

  /** How the next person who is asked to install the app decides, and whether its tokens rotate. */
  controls(scope: FastifyInstance): void {
    scope.put('/app', (request) => {
      const { deny = this.oauth.deny, rotation } = AppChange.parse(request.body);
      const app = this.state.apps.get(PLATFORM_APP);
      this.oauth.deny = deny;
      if (app && rotation !== undefined) this.state.apps.set(app.id, { ...app, rotation });
      return { deny, rotation: this.state.apps.get(PLATFORM_APP)?.rotation };
    });
  }

  accounts(): Workspace[] {
    return [...this.state.workspaces.values()];
  }

  find(ref: string): Workspace | undefined {
    return this.state.workspaces.get(ref);
  }

  create({ ref, name, app, connected, settings }: NewAccount): Workspace {
    const appId = app === 'own' ? this.state.newApp(ref).id : PLATFORM_APP;
    const workspace = this.lines.add({ ref, ...(name !== undefined && { name }), appId, installed: connected });
    if (settings) workspace.settings = changeSettings(SlackSettings, { ...quick }, settings);
    return workspace;
  }

  remove(account: Account): void {
    this.world.chats.forget(account);
    this.state.remove(this.workspace(account));
  }

  /** `secret` signs; an app of the workspace's own is also to be told to Parley. */
  describe(account: Account): AccountView {
    const workspace = this.workspace(account);
    const app = this.state.app(workspace);
    const token = workspace.tokens.findLast(({ dead }) => !dead);
    return {
      ref: workspace.ref,
      config: {
        apiUrl: `${this.world.origin}/slack/api`,
        teamId: workspace.teamId,
        botToken: token?.token ?? '',
        ...(app.id !== PLATFORM_APP && { signingSecret: app.signingSecret }),
      },
      webhook: { url: workspace.callback ?? app.eventsUrl, headers: {}, secret: app.signingSecret },
    };
  }

  connection(account: Account): Connection {
    return { state: this.workspace(account).installed ? 'open' : 'close' };
  }

  async setWebhook(account: Account, { url, secret, verify }: WebhookTarget): Promise<void> {
    const workspace = this.workspace(account);
    const app = this.state.app(workspace);
    if (verify) await this.events.verify(url, secret ?? app.signingSecret);
    if (app.id !== PLATFORM_APP)
      this.state.apps.set(app.id, { ...app, eventsUrl: url, signingSecret: secret ?? app.signingSecret });
    workspace.callback = url;
    this.state.touch(workspace);
  }

  configure(account: Account, change: unknown): SlackSettings {
    const workspace = this.workspace(account);
    workspace.settings = changeSettings(SlackSettings, workspace.settings, change);
    this.state.touch(workspace);
    return workspace.settings;
  }

  receive(account: Account, event: Receive): { externalId: string | null } {
    return this.happenings.happen(this.workspace(account), event);
  }

  record(account: Account, past: Past): { externalId: string } {
    return this.happenings.record(this.workspace(account), past);
  }

  resume(): void {
    this.events.resume();
  }

  reset(): void {
    const kept = this.accounts()
      .filter(({ demo }) => demo)
      .map(({ ref, callback }) => [ref, callback] as const);
    for (const workspace of this.accounts()) this.state.remove(workspace);
    this.state.forget();
    this.oauth.clear();
    this.tickets.clear();
    this.state.addPlatformApp();
    this.lines.addDemo();
    for (const [ref, callback] of kept) Object.assign(this.state.workspaces.get(ref) ?? {}, { callback });
  }

  /** What the app answers to an interaction: for all to see, or for who clicked alone, which leaves no trace. */
  private respond(key: string, body: unknown): { ok: boolean; error?: string } {
    const found = this.tickets.respond(key);
    if (typeof found === 'string') return { ok: false, error: found };
    const { text, response_type: type } = (body ?? {}) as { text?: unknown; response_type?: unknown };
    if (typeof text !== 'string') return { ok: false, error: 'no_text' };
    const { workspace, channel } = found;
    const app = { id: workspace.appId, botId: workspace.botId };
    const said = { channel, ts: this.state.nextTs(workspace), user: workspace.botUserId, app, text };
    if (type === 'in_channel') this.posts.write(workspace, { ...said, files: [], reactions: {} }, 'api');
    return { ok: true };
  }

  private workspace(account: Account): Workspace {
    const workspace = this.find(account.ref);
    if (!workspace) throw new ControlError(404, `No account ${keyOf(account)}`);
    return workspace;
  }
}
