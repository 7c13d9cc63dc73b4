import type { Answer } from '../http-answer';
import { peek, peekName } from '../json-body';
import { e164 } from '../phone';
import { ConnectError, unheard, type Connect } from '../provider';
import type { CloudApiConfig } from './cloud-api.config';
import { errorIn, isHidden, reasonOf } from './errors';
import { get, list, post } from './graph';

type Standing = Awaited<ReturnType<Connect<CloudApiConfig>['check']>>;

/** What a call was for: which field an error points at, and which permission the token lacks. */
interface Purpose {
  field: 'phoneNumberId' | 'wabaId';
  permission: 'whatsapp_business_messaging' | 'whatsapp_business_management';
}
const aboutNumber: Purpose = { field: 'phoneNumberId', permission: 'whatsapp_business_messaging' };
const aboutAccount: Purpose = { field: 'wabaId', permission: 'whatsapp_business_management' };

/** The four proofs of contract §1: the number, that it belongs to the business account, its templates, its subscriptions. */
export async function check(config: CloudApiConfig, http: typeof fetch, step = unheard): Promise<Standing> {
  const number = await step('The token opens this phone number', () =>
    ask(aboutNumber, config, () =>
      get(http, config, config.phoneNumberId, { fields: 'id,display_phone_number,verified_name,status' }),
    ),
  );
  await step('The number belongs to this business account', () => proveItsAccount(config, http));
  await step('The token may read its templates', () =>
    ask(aboutAccount, config, () => get(http, config, `${config.wabaId}/message_templates`, { limit: '1' })),
  );
  await step('The token may read who is subscribed to it', () =>
    ask(aboutAccount, config, () => get(http, config, `${config.wabaId}/subscribed_apps`)),
  );
  return standingOf(number.json);
}

/**
 * Has Meta post here: of an app of the tenant's own to the webhook that is given, through the platform's app to the one that
 * it has. Meta asks that address for the handshake during the call, so the account must be known to intake by then.
 */
export async function subscribe(
  webhook: { url: string; verifyToken: string | null },
  config: CloudApiConfig,
  http: typeof fetch,
): Promise<void> {
  const own = config.appSecret !== undefined && webhook.verifyToken !== null;
  if (own && webhook.url.length > MAX_URL) {
    throw new ConnectError(
      `Meta takes webhook addresses of ${MAX_URL} characters at most. Use a shorter public address.`,
    );
  }
  const body = own ? { override_callback_uri: webhook.url, verify_token: webhook.verifyToken } : undefined;
  const answer = await reached(config, () => post(http, config, `${config.wabaId}/subscribed_apps`, body));
  if (!answer.ok)
    throw own && isHandshake(answer) ? unreachable(webhook.url) : connectError(answer, aboutAccount, config);
  await proveSubscribed(config, http);
}

const MAX_URL = 200;

async function proveItsAccount(config: CloudApiConfig, http: typeof fetch) {
  const numbers = list(http, config, `${config.wabaId}/phone_numbers`, {}, (answer) =>
    connectError(answer, aboutAccount, config),
  );
  for await (const number of numbers) if (peekName(number, 'id') === config.phoneNumberId) return;
  throw new ConnectError(
    'This phone number belongs to another WhatsApp Business account. Copy both ids from the same page of the Meta app.',
    'phoneNumberId',
  );
}

/** Without a subscribed app no webhook ever comes, and nothing else would tell. */
async function proveSubscribed(config: CloudApiConfig, http: typeof fetch) {
  const { json } = await ask(aboutAccount, config, () => get(http, config, `${config.wabaId}/subscribed_apps`));
  const apps = peek(json, 'data');
  if (Array.isArray(apps) && apps.length > 0) return;
  throw new ConnectError(
    'Meta did not subscribe the app to this business account. Try again, or subscribe it in the Meta app.',
    'wabaId',
  );
}

/** `FLAGGED` still sends. */
const standings: Record<string, Standing['state']> = {
  CONNECTED: 'connected',
  FLAGGED: 'connected',
  RESTRICTED: 'restricted',
  BANNED: 'restricted',
  RATE_LIMITED: 'restricted',
};

function standingOf(number: unknown): Standing {
  const display = peekName(number, 'display_phone_number');
  const address = display === undefined ? undefined : e164(display.replace(/\D/g, ''));
  const status = peekName(number, 'status')?.toUpperCase() ?? 'CONNECTED';
  const state = standings[status] ?? 'disconnected';
  return { state, ...(address !== undefined && { address }), ...detailOf(state, status) };
}

function detailOf(state: Standing['state'], status: string): { detail?: string } {
  if (state === 'restricted')
    return { detail: 'WhatsApp restricts this number. WhatsApp Manager shows why and for how long.' };
  if (state === 'disconnected') {
    return {
      detail: 'This number is not ready to send. Finish its registration in WhatsApp Manager, then check again.',
    };
  }
  if (status === 'FLAGGED')
    return { detail: 'WhatsApp rates the quality of this number low. It will be restricted if that stays so.' };
  return {};
}

async function ask(purpose: Purpose, config: CloudApiConfig, question: () => Promise<Answer>): Promise<Answer> {
  const answer = await reached(config, question);
  if (!answer.ok) throw connectError(answer, purpose, config);
  return answer;
}

/** No answer at all is about the address. */
async function reached(config: CloudApiConfig, question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (cause) {
    const host = new URL(config.baseUrl).host;
    throw new ConnectError(`No answer from ${host}. Check that this server may reach it.`, 'baseUrl', { cause });
  }
}

function connectError(answer: Answer, { field, permission }: Purpose, config: CloudApiConfig): ConnectError {
  const error = errorIn(answer);
  const what = field === 'wabaId' ? 'WhatsApp Business account' : 'phone number';
  if (!error) {
    if (answer.status >= 500)
      return new ConnectError('Meta has trouble of its own just now. Try again in some minutes.');
    return new ConnectError(
      `${new URL(config.baseUrl).host} does not answer like Meta’s Graph API. Check the address.`,
      'baseUrl',
    );
  }
  const { code, error_subcode: subcode } = error;
  if (code === 190 && subcode === 463)
    return new ConnectError('The access token has expired. Create one of a system user, which lasts.', 'accessToken');
  if (code === 190 || code === 104 || code === 0)
    return new ConnectError('Meta refused the access token. Create a new one and enter it.', 'accessToken');
  if (code === 3 || code === 10 || (code >= 200 && code <= 299)) {
    return new ConnectError(
      `The access token may not use this ${what}. Give its system user the permission ${permission} and assign the account to it.`,
      'accessToken',
    );
  }
  if (code === 33)
    return new ConnectError('This phone number was deleted at Meta. Enter another one.', 'phoneNumberId');
  if (isHidden(error) || code === 803)
    return new ConnectError(
      `Meta knows no ${what} with this id, or hides it from this token. Check the id, and what the token may see.`,
      field,
    );
  if (reasonOf(code) === 'throttled')
    return new ConnectError('Meta was asked too often for this account. Try again in an hour.');
  return new ConnectError(`Meta could not check this ${what}. Try again in some minutes.`, field);
}

/** Meta answers code 2200, or says so, when the address did not echo its challenge. */
function isHandshake(answer: Answer): boolean {
  const error = errorIn(answer);
  return (
    error !== undefined &&
    (error.code === 2200 ||
      error.error_subcode === 2200 ||
      /callback|verif/i.test(`${error.message} ${error.error_data?.details}`))
  );
}

function unreachable(url: string): ConnectError {
  return new ConnectError(`Meta could not reach ${url}. It must be public, over https with a valid certificate.`);
}
