import type { Answer } from '../http-answer';
import { peek, peekName } from '../json-body';
import { e164 } from '../phone';
import { AskedTooOften, ConnectError, unheard, type Connect } from '../provider';
import { standingOf, type Trouble } from './connection';
import { faultOf } from './errors';
import { get, post } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { peekSeconds } from '../shapes';
import { addressOf } from '../whatsapp-jid';

type Standing = Awaited<ReturnType<Connect<GreenApiConfig>['check']>>;

/** What we read; all notifications are off until they are asked for. */
const notifications = {
  incomingWebhook: 'yes',
  outgoingWebhook: 'yes',
  outgoingMessageWebhook: 'yes',
  outgoingAPIMessageWebhook: 'yes',
  stateWebhook: 'yes',
  editedMessageWebhook: 'yes',
  deletedMessageWebhook: 'yes',
  pollMessageWebhook: 'yes',
  incomingCallWebhook: 'yes',
};

/** Looks whether the token opens the instance and a phone is linked; if none is, asks for the code to scan. */
export async function check(config: GreenApiConfig, http: typeof fetch, step = unheard): Promise<Standing> {
  const trouble = await step(`The token opens instance ${config.idInstance}`, () => standing(config, http));
  if (trouble.state !== 'connected' && trouble.state !== 'needs_qr') return trouble;
  const { ok, json } = await reached(config, () => get(http, config, 'getWaSettings'));
  const known = ok ? json : undefined; // it only adds
  if (trouble.state === 'connected') return linked(trouble, known);
  if (peek(known, 'logoutProcess') === true) {
    return { state: 'needs_qr', detail: 'The last phone is still being logged out. Ask for a code in some minutes.' };
  }
  return step('The instance makes codes to scan', () => linking(trouble, config, http));
}

/** The state alone. `null` is an instance that is still being made, which takes up to five minutes. */
export async function standing(config: GreenApiConfig, http: typeof fetch): Promise<Trouble> {
  const answer = await reached(config, () => get(http, config, 'getStateInstance'));
  if (!answer.ok) throw connectError(answer);
  if (answer.json === null) return { state: 'connecting', detail: 'GREEN-API is still making this instance.' };
  const trouble = standingOf(peek(answer.json, 'stateInstance'));
  if (!trouble) {
    throw new ConnectError('The server gave no state of a WhatsApp instance. Check the API address.', 'apiUrl');
  }
  return trouble;
}

/**
 * Has the instance post here. It restarts for a change, which takes up to five minutes and ends a login that has begun, so
 * only what differs is set, and nothing where all is as it should be. Other settings stay as the tenant has them.
 */
export async function subscribe(webhook: { url: string }, config: GreenApiConfig, http: typeof fetch): Promise<void> {
  const wanted = { webhookUrl: webhook.url, webhookUrlToken: config.webhookUrlToken, ...notifications };
  const settings = await reached(config, () => get(http, config, 'getSettings'));
  if (!settings.ok) throw connectError(settings);
  const differing = Object.entries(wanted).filter(([name, value]) => !isSet(peek(settings.json, name), value));
  if (differing.length === 0) return;
  const answer = await reached(config, () => post(http, config, 'setSettings', Object.fromEntries(differing)));
  if (!answer.ok || peek(answer.json, 'saveSettings') !== true) throw connectError(answer);
}

/** Flags are texts, and of some versions booleans (contract §1.5). */
const isSet = (found: unknown, wanted: string) => found === wanted || (wanted === 'yes' && found === true);

/** A code to type into the phone in place of scanning: eight characters, which live two and a half minutes. */
export async function pairingCode(phone: string, config: GreenApiConfig, http: typeof fetch): Promise<string> {
  const phoneNumber = Number(phone.replace(/\D/g, '')); // a string is refused
  const answer = await reached(config, () => post(http, config, 'getAuthorizationCode', { phoneNumber }));
  if (!answer.ok) throw connectError(answer);
  const code = peekName(answer.json, 'code');
  if (peek(answer.json, 'status') !== true || code === undefined) {
    throw new ConnectError('WhatsApp gave no code for this number. Check the number, or scan the picture.');
  }
  return code;
}

/** The picture lives about 20 s; asked again, the server gives the next. */
async function linking(trouble: Trouble, config: GreenApiConfig, http: typeof fetch): Promise<Standing> {
  const answer = await reached(config, () => get(http, config, 'qr'));
  if (!answer.ok) throw connectError(answer);
  const image = peek(answer.json, 'message');
  switch (peek(answer.json, 'type')) {
    case 'qrCode':
      return typeof image === 'string'
        ? { ...trouble, qr: { image: `data:image/png;base64,${image}`, pairingCode: null } }
        : trouble;
    case 'alreadyLogged':
      return { state: 'connecting' };
    case 'error':
      return {
        state: 'needs_qr',
        detail: 'GREEN-API could not make a login code. Restart the instance in its console.',
      };
    default: // since July 2026 some numbers need a passkey
      return {
        state: 'needs_qr',
        detail: 'This number must be linked in the GREEN-API console. Finish the login there.',
      };
  }
}

function linked(trouble: Trouble, settings: unknown): Standing {
  const address = ownNumber(settings);
  const until = peekSeconds(peek(settings, 'suspendedUntil'));
  const isRestricted = trouble.detail !== undefined;
  return {
    ...trouble,
    ...(isRestricted && until && { detail: `${trouble.detail} WhatsApp says until ${minuteOf(until)}.` }),
    ...(address !== undefined && { address }),
  };
}

const minuteOf = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function ownNumber(settings: unknown): string | undefined {
  const phone = peek(settings, 'phone');
  if (typeof phone === 'string' || typeof phone === 'number') return e164(String(phone));
  const address = addressOf(peekName(settings, 'chatId') ?? '');
  return address?.kind === 'phone' ? address.address : undefined;
}

/** No answer at all is about the address. */
async function reached(config: GreenApiConfig, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch {
    // Without its cause: that may name the address of the call, in which the token stands.
    const { host } = new URL(config.apiUrl);
    throw new ConnectError(`No answer from ${host}. Check the API address of the instance.`, 'apiUrl');
  }
}

function connectError(answer: Answer): ConnectError {
  if (answer.status === 401) {
    return new ConnectError('GREEN-API refused the API token. Copy it from the console again.', 'apiTokenInstance');
  }
  if (answer.status === 403) {
    return new ConnectError(
      'GREEN-API does not know this instance. Copy idInstance from the console again.',
      'idInstance',
    );
  }
  if (answer.status === 404 || (answer.status >= 300 && answer.status < 400)) {
    return new ConnectError('No GREEN-API answers at this address. Copy apiUrl from the console.', 'apiUrl');
  }
  const fault = faultOf(answer);
  if (fault?.reason === 'throttled') return new AskedTooOften('GREEN-API was asked too often. Try again in a minute.');
  if (fault?.reason === 'plan')
    return new ConnectError('The plan of this month is used up. Choose a larger one in the GREEN-API console.');
  if (fault?.reason === 'auth') {
    return new ConnectError('The instance is expired or deleted. Pay for it or make another in the GREEN-API console.');
  }
  if (fault?.reason === 'provider') return new ConnectError('The instance is starting. Try again in some minutes.');
  return new ConnectError('GREEN-API answered with an error of its own. Try again in a minute.');
}
