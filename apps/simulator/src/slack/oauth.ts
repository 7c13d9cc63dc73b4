import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Lines } from './lines';
import type { SlackApp, State, Token, Workspace } from './state';

const CODE_MS = 10 * 60_000;
const TOKEN_MS = 12 * 3_600_000;

interface Grant {
  app: SlackApp;
  workspace: Workspace;
  redirectUri: string;
  scopes: string[];
  until: number;
}

type Answer = Record<string, unknown> & { ok: boolean };
const no = (error: string): Answer => ({ ok: false, error });

/** Installing an app: the page that asks, the exchange of its code, and the refreshing of tokens (contract §1.4, §1.5). */
export class OAuth {
  private readonly grants = new Map<string, Grant>();
  /** The next person who is asked says no. */
  deny = false;

  constructor(
    private readonly state: State,
    private readonly lines: Lines,
  ) {}

  /** `GET /oauth/v2/authorize`: whoever comes here agrees at once. `team` says where, else it is the first workspace without the app. */
  routes(scope: FastifyInstance): void {
    scope.get('/oauth/v2/authorize', (request, reply) => {
      const query = request.query as Record<string, string>; // names and values of a query
      const app = [...this.state.apps.values()].find(({ clientId }) => clientId === query.client_id);
      if (!app)
        return reply.status(400).type('text/html').send('<h1>Something went wrong</h1><p>invalid_client_id</p>');
      const { redirect_uri: redirectUri = '', scope: scopes = '', state = '' } = query;
      if (!app.redirectUrls.includes(redirectUri))
        return reply.status(400).type('text/html').send('<h1>Something went wrong</h1><p>bad_redirect_uri</p>');
      if (!scopes) return reply.status(400).type('text/html').send('<h1>Something went wrong</h1><p>no_scopes</p>');
      const back = new URL(redirectUri);
      back.searchParams.set('state', state);
      if (this.deny) {
        this.deny = false;
        back.searchParams.set('error', 'access_denied');
        return reply.redirect(back.href);
      }
      const workspace = this.workspaceFor(app, query.team);
      const code = randomBytes(16).toString('hex');
      this.grants.set(code, {
        app,
        workspace,
        redirectUri,
        scopes: scopes.split(','),
        until: this.state.world.clock.now() + CODE_MS,
      });
      back.searchParams.set('code', code);
      return reply.redirect(back.href);
    });
  }

  /** `oauth.v2.access`, with a code or a refresh token; the app names itself in the form or by HTTP Basic. */
  access(given: Record<string, unknown>, authorization: string | undefined): Answer {
    const [basicId, basicSecret] = basic(authorization);
    const text = (name: string) => (typeof given[name] === 'string' ? given[name] : undefined);
    const app = [...this.state.apps.values()].find(({ clientId }) => clientId === (text('client_id') ?? basicId));
    if (!app) return no('invalid_client_id');
    if (app.clientSecret !== (text('client_secret') ?? basicSecret)) return no('bad_client_secret');
    const grantType = text('grant_type') ?? 'authorization_code';
    if (grantType === 'refresh_token') return this.refresh(app, text('refresh_token'));
    if (grantType !== 'authorization_code') return no('invalid_grant_type');
    const grant = this.grants.get(text('code') ?? '');
    if (!grant || grant.app.id !== app.id || grant.until < this.state.world.clock.now()) return no('invalid_code');
    if (grant.redirectUri !== (text('redirect_uri') ?? grant.redirectUri)) return no('bad_redirect_uri');
    this.grants.delete(text('code') ?? '');
    return this.install(app, grant);
  }

  clear(): void {
    this.grants.clear();
    this.deny = false;
  }

  private install(app: SlackApp, { workspace, scopes }: Grant): Answer {
    const known = workspace.tokens.filter((token) => !token.dead).flatMap((token) => token.scopes);
    const token = this.newToken(app, [...new Set([...known, ...scopes])]);
    workspace.tokens = [...workspace.tokens.filter((each) => !each.dead || each.token !== token.token), token];
    Object.assign(workspace, { installed: true, appId: app.id });
    this.state.touch(workspace);
    return this.answer(workspace, token);
  }

  /** The old pair dies with its use. */
  private refresh(app: SlackApp, refreshToken: string | undefined): Answer {
    const workspace = [...this.state.workspaces.values()].find(
      (each) =>
        each.appId === app.id &&
        each.tokens.some(({ refresh, dead }) => refreshToken !== undefined && refresh === refreshToken && !dead),
    );
    const old = workspace?.tokens.find(({ refresh }) => refresh === refreshToken);
    if (!workspace || !old) return no('invalid_refresh_token');
    const token = this.newToken(app, old.scopes);
    delete old.refresh;
    old.dead = 'token_revoked';
    workspace.tokens.push(token);
    this.state.touch(workspace);
    return this.answer(workspace, token);
  }

  private newToken(app: SlackApp, scopes: string[]): Token {
    const random = randomBytes(18).toString('hex');
    if (!app.rotation) return { token: `xoxb-sim-${random}`, scopes };
    const expiresAt = this.state.world.clock.now() + TOKEN_MS;
    return { token: `xoxe.xoxb-1-${random}`, refresh: `xoxe-1-${randomBytes(18).toString('hex')}`, expiresAt, scopes };
  }

  private answer(workspace: Workspace, { token, scopes, refresh }: Token): Answer {
    return {
      ok: true,
      app_id: workspace.appId,
      token_type: 'bot',
      access_token: token,
      scope: scopes.join(','),
      bot_user_id: workspace.botUserId,
      team: { id: workspace.teamId, name: workspace.name },
      enterprise: null,
      authed_user: { id: workspace.users[1]?.id ?? workspace.botUserId },
      is_enterprise_install: false,
      ...(refresh && { refresh_token: refresh, expires_in: TOKEN_MS / 1000 }),
    };
  }

  private workspaceFor(app: SlackApp, team: string | undefined): Workspace {
    const all = [...this.state.workspaces.values()];
    const named = all.find(({ teamId }) => teamId === team);
    const free = all.find(({ installed, demo }) => !installed && !demo);
    return named ?? free ?? this.lines.add({ name: 'New workspace', appId: app.id, installed: false });
  }
}

function basic(authorization: string | undefined): [string?, string?] {
  const [, encoded] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return [];
  const [id, secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return [id ?? '', secret ?? ''];
}
