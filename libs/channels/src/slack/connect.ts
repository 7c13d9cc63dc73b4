import type { Answer } from '../http-answer';
import { peek, peekName } from '../json-body';
import { AskedTooOften, ConnectError, unheard, type Connect, type Watch } from '../provider';
import { INSTALL_AGAIN } from './account-events';
import { reasonOf } from './errors';
import type { SlackConfig } from './slack.config';
import { errorIn, isOk, post } from './web-api';

/** Without these nothing would come in, or go out. */
const NEEDED = ['chat:write', 'channels:history', 'users:read'];

/** Whose token it is, and what it may. Where Slack posts is set in the app's own pages: it takes no call for that. */
export async function check(
  config: SlackConfig,
  http: typeof fetch,
  step = unheard,
): Promise<Awaited<ReturnType<Connect<SlackConfig>['check']>>> {
  const answer = await step('Slack takes the token', () => ask(config, http));
  await step(`It opens workspace ${config.teamId}`, async () => refuseOtherTeam(answer, config));
  await step('It is the bot’s', async () => refuseMember(answer));
  await step('It may read and write in channels', async () => refuseWithoutScopes(answer));
  const url = peekName(answer.json, 'url');
  const host = url === undefined ? undefined : URL.parse(url)?.host;
  return { state: 'connected', ...(host && { address: host }) };
}

/** One question that costs nothing: a token that was revoked while nobody heard says so. */
export async function standing(
  config: SlackConfig,
  http: typeof fetch,
): Promise<Awaited<ReturnType<Watch<SlackConfig>['standing']>>> {
  await ask(config, http);
  return { state: 'connected' };
}

function refuseOtherTeam({ json }: Answer, { teamId }: SlackConfig): void {
  const team = peekName(json, 'team_id');
  if (team === teamId) return;
  const name = peekName(json, 'team') ?? team;
  throw new ConnectError(
    `This token opens the workspace ${name}, not ${teamId}. Copy both from one workspace.`,
    'teamId',
  );
}

function refuseMember({ json }: Answer): void {
  if (peekName(json, 'bot_id') === undefined)
    throw new ConnectError('This is a member’s token. Enter the bot’s, which begins with xoxb-.', 'botToken');
}

/** Slack names them in a header of every answer. */
function refuseWithoutScopes({ headers }: Answer): void {
  const scopes = headers
    .get('x-oauth-scopes')
    ?.split(',')
    .map((scope) => scope.trim());
  const missing = scopes && NEEDED.filter((scope) => !scopes.includes(scope));
  if (missing?.length)
    throw new ConnectError(
      `The token lacks ${missing.join(', ')}. Add this to the app’s bot scopes and install it again.`,
      'botToken',
    );
}

async function ask(config: SlackConfig, http: typeof fetch): Promise<Answer> {
  const { host } = new URL(config.apiUrl);
  let answer: Answer;
  try {
    answer = await post(http, config, 'auth.test');
  } catch (cause) {
    throw new ConnectError(`No answer from ${host}. Check that this server may reach it.`, 'apiUrl', { cause });
  }
  if (isOk(answer)) return answer;
  const code = errorIn(answer);
  if (code === 'token_expired' && config.refreshToken !== undefined)
    throw new ConnectError('The access has run out and is being renewed. This takes a minute.');
  if (code !== undefined && reasonOf(code) === 'auth')
    throw new ConnectError(`Slack does not take this access any more. ${INSTALL_AGAIN}`, 'botToken');
  if (answer.status === 429 || (code !== undefined && reasonOf(code) === 'throttled'))
    throw new AskedTooOften('Slack was asked too often. Try again in a minute.');
  if (code === undefined && answer.status < 500 && peek(answer.json, 'ok') === undefined)
    throw new ConnectError(`${host} does not answer like Slack’s Web API. Check the address.`, 'apiUrl');
  throw new ConnectError('Slack has trouble of its own just now. Try again in some minutes.');
}
