import { call, type Answer } from '../http-answer';
import { peek, peekName } from '../json-body';
import { AskedTooOften, ConnectError, unheard, type Connect } from '../provider';
import { addressOf } from '../whatsapp-jid';
import { standingOf, type Trouble } from './connection';
import { faultOf } from './errors';
import { get, getServer, post, remove } from './evolution-http';
import type { EvolutionConfig } from './evolution.config';

type Standing = Awaited<ReturnType<Connect<EvolutionConfig>['check']>>;

/** All that we read, and nothing that we do not: each event costs the server a call. */
export const SUBSCRIBED = [
  'MESSAGES_UPSERT',
  'MESSAGES_UPDATE',
  'MESSAGES_EDITED',
  'MESSAGES_DELETE',
  'SEND_MESSAGE',
  'SEND_MESSAGE_UPDATE',
  'CONNECTION_UPDATE',
  'QRCODE_UPDATED',
  'LOGOUT_INSTANCE',
  'STATUS_INSTANCE',
  'REMOVE_INSTANCE',
  'CONTACTS_UPSERT',
  'CONTACTS_UPDATE',
  'PRESENCE_UPDATE',
  'GROUPS_UPSERT',
  'GROUP_PARTICIPANTS_UPDATE',
  'CALL',
];

/** Looks whether the key opens the instance and whether a phone is linked; if none is, asks for the code to scan. */
export async function check(config: EvolutionConfig, http: typeof fetch, step = unheard): Promise<Standing> {
  const state = await step(`The server answers for instance ${config.instance}`, () =>
    asked(config, () => get(http, config, 'instance/connectionState')),
  );
  const instances = await step('The key is the kind of key that you named', async () => {
    const found = await listInstances(config, http);
    refuseForeignToken(found, config);
    return found;
  });
  const isLinked = () => step('No other instance uses its number', async () => connected(instances, config));
  if (peek(state.json, 'instance', 'state') === 'open') return isLinked();
  const link = await step('The server makes codes to scan', () =>
    asked(config, () => get(http, config, 'instance/connect')),
  );
  return peek(link.json, 'instance', 'state') === 'open' ? isLinked() : linking(link);
}

/**
 * A login that has begun shows codes to scan and takes no number any more, so it is ended first; an instance without one
 * cannot be ended, which is as well.
 */
export async function pairingCode(phone: string, config: EvolutionConfig, http: typeof fetch): Promise<string> {
  const { state } = await standing(config, http);
  if (state === 'connected') throw new ConnectError('A phone is linked to this instance already.');
  await reached(config, () => remove(http, config, 'instance/logout'));
  const query = `?number=${phone.replace(/\D/g, '')}`;
  const link = await asked(config, () => get(http, config, 'instance/connect', query));
  const code = peekName(link.json, 'pairingCode');
  if (code === undefined)
    throw new ConnectError(
      'The server gave no code for this number. Check the number and try again, or scan the picture.',
    );
  return code;
}

/** Asks for the state alone, and for why where it is closed: unlike `check` it begins no login. */
export async function standing(config: EvolutionConfig, http: typeof fetch): Promise<Trouble> {
  const answer = await asked(config, () => get(http, config, 'instance/connectionState'));
  const state = peek(answer.json, 'instance', 'state');
  const row = state === 'close' ? await ownRow(config, http) : undefined;
  const code = peek(row, 'disconnectionReasonCode');
  const trouble = standingOf(state, typeof code === 'number' ? code : null);
  if (!trouble)
    throw new ConnectError('The server gave no state of the instance. Look at it in the Evolution manager.');
  return trouble;
}

async function ownRow(config: EvolutionConfig, http: typeof fetch): Promise<unknown> {
  return (await listInstances(config, http)).find((one) => nameOf(one) === config.instance);
}

/** Sets the instance's webhook. The server answers 500 when `events` is missing, and 400 to the flat body of its own docs. */
export async function subscribe(
  webhook: { url: string; headers: Record<string, string> },
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<void> {
  const { url, headers } = webhook;
  const settings = { enabled: true, url, headers, byEvents: false, base64: false, events: SUBSCRIBED };
  await asked(config, () => post(http, config, 'webhook/set', { webhook: settings }));
}

function linking(link: Answer): Standing {
  if (peek(link.json, 'error') === true) {
    const detail = 'The server could not start the login. Restart the instance there, then ask for a new code.';
    return { state: 'disconnected', detail };
  }
  const image = peek(link.json, 'base64');
  if (typeof image !== 'string') return { state: 'connecting' }; // asked too early: the code comes as an event
  const pairingCode = peekName(link.json, 'pairingCode') ?? null;
  return { state: 'needs_qr', qr: { image, pairingCode } };
}

function connected(instances: unknown[], config: EvolutionConfig): Standing {
  const owner = ownerOf(instances.find((one) => nameOf(one) === config.instance));
  if (owner === undefined) return { state: 'connected' };
  const twin = instances.find((one) => nameOf(one) !== config.instance && ownerOf(one) === owner && isOpen(one));
  if (twin) {
    const name = nameOf(twin);
    throw new ConnectError(
      `The instance ${name} on this server is linked to the same number, ${owner}. Log one of them out, or they keep pushing each other out.`,
      'instance',
    );
  }
  return { state: 'connected', address: owner };
}

/** An instance's token sees only its own row, the server's key all. Left empty where it cannot be read: it only adds. */
async function listInstances(config: EvolutionConfig, http: typeof fetch): Promise<unknown[]> {
  const { ok, json } = await reached(config, () => getServer(http, config, 'instance/fetchInstances'));
  return ok && Array.isArray(json) ? json : [];
}

const nameOf = (row: unknown) => peekName(row, 'name');
const isOpen = (row: unknown) => peek(row, 'connectionStatus') === 'open';

function ownerOf(row: unknown): string | undefined {
  const jid = peekName(row, 'ownerJid');
  const address = jid === undefined ? undefined : addressOf(jid);
  return address?.kind === 'phone' ? address.address : undefined;
}

/** A server that exposes tokens sends the instance's along with each call, and we would refuse it as not ours. */
function refuseForeignToken(instances: unknown[], config: EvolutionConfig) {
  const token = peekName(
    instances.find((one) => nameOf(one) === config.instance),
    'token',
  );
  if (config.keyOpens === 'server' || token === undefined || token === config.apiKey) return;
  throw new ConnectError(
    'This key opens the whole server, not just the instance. Enter the token of the instance, or say that the key is the server’s.',
    'keyOpens',
  );
}

async function asked(config: EvolutionConfig, ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await reached(config, ask);
  if (!answer.ok) throw connectError(answer, config);
  return answer;
}

/** No answer at all is about the address. */
async function reached(config: EvolutionConfig, ask: () => ReturnType<typeof call>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    const host = new URL(config.baseUrl).host;
    throw new ConnectError(`No answer from ${host}. Check the server address, and that the server runs.`, 'baseUrl', {
      cause,
    });
  }
}

function connectError(answer: Answer, { instance }: EvolutionConfig): ConnectError {
  const words = JSON.stringify(answer.json ?? answer.excerpt);
  if (words.includes('LICENSE_REQUIRED')) {
    return new ConnectError(
      'This Evolution server waits for its licence and does nothing until then. Activate it, or run version 2.3.7.',
      'baseUrl',
    );
  }
  if (answer.status === 401)
    return new ConnectError('The server refused the API key. Copy the token of the instance again.', 'apiKey');
  if (answer.status === 403)
    return new ConnectError(
      'The server does not let this key use the instance. Enter the token of the instance.',
      'apiKey',
    );
  if (answer.status === 404 && words.includes('instance does not exist')) {
    return new ConnectError(
      `The server has no instance ${instance}. Create it there, or correct the name.`,
      'instance',
    );
  }
  if (answer.status === 404 || (answer.status >= 300 && answer.status < 400)) {
    return new ConnectError(
      'No Evolution API of version 2 answers at this address. Check the server address.',
      'baseUrl',
    );
  }
  const fault = faultOf(answer);
  if (fault.certain && fault.reason === 'throttled')
    return new AskedTooOften('The server has too much to do. Try again in a minute.');
  return new ConnectError('The server answered with an error of its own. Look at its log, then try again.', 'baseUrl');
}
