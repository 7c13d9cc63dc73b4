import { afterAll, beforeAll, beforeEach } from 'vitest';
import { call, openStage, until, type Stage } from './harness';

/** Webhooks leave concurrently: what is to arrive in order needs time between. */
export const APART = [1000, 4000, 7000];
/** The server's global key, as the environment's default has it. */
export const KEY = 'simulated-evolution-key';
/** Opened before the first test of the file that imports this. */
export let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ SIMULATOR_TIME_SCALE: '50' });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.receiver.received.length = 0;
});

export interface Account {
  ref: string;
  token: string;
  post(path: string, body?: unknown, method?: string): ReturnType<typeof call>;
  receive(event: Record<string, unknown>): Promise<{ externalId: string }>;
}

/** An instance of its own, whose webhook is the receiver. */
export async function newAccount(
  options: Record<string, unknown> = {},
  webhook: Record<string, unknown> = {},
): Promise<Account> {
  const { ref, config } = await stage.control('POST', '/evolution/accounts', options);
  const api = (path: string, body?: unknown, method = 'POST') =>
    call(method, `${stage.origin}/evolution${path.replace('{name}', ref)}`, body, { apikey: config.apiKey });
  await api('/webhook/set/{name}', {
    webhook: {
      enabled: true,
      url: `${stage.receiver.url}/hooks/${ref}`,
      headers: { 'X-Parley-Secret': 's3cr3t' },
      byEvents: false,
      base64: false,
      events: [],
      ...webhook,
    },
  });
  stage.receiver.received.length = 0;
  return {
    ref,
    token: config.apiKey,
    post: api,
    receive: (event) => stage.control('POST', `/evolution/accounts/${ref}/receive`, event),
  };
}

/** Waits for the last of so many events of that name. */
export const event = (name: string, count = 1) =>
  until(() => stage.receiver.events(name).length >= count && stage.receiver.events(name).at(-1), name);

/** What happened to the instance, as the journal tells it. */
export function journalOf(ref: string): Promise<{ type: string; outcome: string }[]> {
  return stage.control('GET', `/evolution/accounts/${ref}/journal`);
}
