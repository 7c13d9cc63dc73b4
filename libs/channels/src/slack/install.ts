import { z } from 'zod';
import { call, type Answer } from '../http-answer';
import { ConnectError, type InstallApp } from '../provider';
import { INSTALL_AGAIN } from './account-events';
import { failure } from './errors';
import { SlackConfig } from './slack.config';
import { errorIn, isOk, post } from './web-api';

/** What the inbox needs, and no more (contract §1.3, with direct messages). */
const SCOPES = [
  'channels:history',
  'channels:join',
  'channels:read',
  'chat:write',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'reactions:read',
  'reactions:write',
  'users:read',
];

/** Access is renewed with this much of its twelve hours left, as Slack's own library does. */
const EARLY_MS = 2 * 3_600_000;

export function consentUrl(
  { clientId, authorizeUrl }: InstallApp,
  ask: { state: string; redirectUri: string },
): string {
  const url = new URL(authorizeUrl);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('scope', SCOPES.join(','));
  url.searchParams.set('redirect_uri', ask.redirectUri);
  url.searchParams.set('state', ask.state);
  return url.href;
}

const Granted = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive().nullish(),
  team: z.looseObject({ id: z.string(), name: z.string().nullish() }).nullish(),
  is_enterprise_install: z.boolean().nullish(),
});

export async function install(
  app: InstallApp,
  { code, redirectUri }: { code: string; redirectUri: string },
  http: typeof fetch,
  nowMs: number,
): Promise<{ config: SlackConfig; name: string }> {
  const granted = await exchange(app, { code, redirect_uri: redirectUri }, http);
  const { team } = granted;
  if (!team || granted.is_enterprise_install)
    throw new ConnectError('This was installed for a whole organisation. Install it in one workspace of it.');
  const config = SlackConfig.parse({ teamId: team.id, apiUrl: app.apiUrl, ...accessIn(granted, nowMs) });
  return { config, name: team.name?.trim().slice(0, 60) || team.id };
}

export function renewAt({ refreshToken, tokenExpiresAt }: SlackConfig): Date | null {
  if (refreshToken === undefined || tokenExpiresAt === undefined) return null;
  return new Date(tokenExpiresAt * 1000 - EARLY_MS);
}

export async function renew(
  app: InstallApp,
  config: SlackConfig,
  http: typeof fetch,
  nowMs: number,
): Promise<SlackConfig> {
  const { refreshToken = '' } = config;
  const granted = await exchange(app, { grant_type: 'refresh_token', refresh_token: refreshToken }, http);
  if (granted.team?.id !== config.teamId)
    throw new ConnectError(
      `Slack gave access to another workspace than ${config.teamId}. ${INSTALL_AGAIN}`,
      'botToken',
    );
  return { ...config, ...accessIn(granted, nowMs) };
}

/** Removes the app from the workspace; of an app that is gone already there is nothing to remove. */
export async function uninstall(app: InstallApp, config: SlackConfig, http: typeof fetch): Promise<void> {
  const { botToken } = config; // the app's secret is for its own address, whatever the account's is
  const answer = await post(http, { apiUrl: app.apiUrl, botToken }, 'apps.uninstall', {
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  const gone = ['invalid_auth', 'account_inactive', 'token_revoked'].includes(errorIn(answer) ?? '');
  if (!isOk(answer) && !gone) throw failure(answer);
}

function accessIn(
  { access_token: botToken, refresh_token: refreshToken, expires_in: seconds }: z.infer<typeof Granted>,
  nowMs: number,
) {
  const expires = seconds == null ? undefined : Math.floor(nowMs / 1000 + seconds);
  return { botToken, ...(refreshToken && { refreshToken }), ...(expires !== undefined && { tokenExpiresAt: expires }) };
}

/** `oauth.v2.access`, as a form: with the app's id and secret, and no token. */
async function exchange(app: InstallApp, fields: Record<string, string>, http: typeof fetch) {
  const body = new URLSearchParams({ ...fields, client_id: app.clientId, client_secret: app.clientSecret });
  const answer = await call(http, `${app.apiUrl.replace(/\/+$/, '')}/oauth.v2.access`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });
  if (isOk(answer)) return Granted.parse(answer.json);
  throw refusal(answer);
}

function refusal(answer: Answer): Error {
  switch (errorIn(answer)) {
    case 'invalid_code':
    case 'code_already_used':
      return new ConnectError('This install took too long, or was finished already. Start it again.');
    case 'invalid_refresh_token':
    case 'token_revoked':
    case 'invalid_auth':
    case 'account_inactive':
      return new ConnectError(`Slack does not take this access any more. ${INSTALL_AGAIN}`, 'botToken');
    case 'bad_redirect_uri':
    case 'bad_client_secret':
    case 'invalid_client_id':
    case 'oauth_authorization_url_mismatch':
      return new ConnectError(
        'Slack does not know this install’s app as it is set up. Its operator has to look at it.',
      );
    default:
      return failure(answer);
  }
}
