import { afterAll, beforeAll, beforeEach } from 'vitest';
import { call, openStage, until, type Stage } from './harness';

/** Webhooks leave concurrently: what is to arrive in order needs time between. */
export const APART = [1000, 4000, 7000];
export const HOUR_MS = 3_600_000;
/** Opened before the first test of the file that imports this. */
export let stage: Stage;
/** WABAs of the test that runs: what an earlier one left under way is not its business. */
const mine = new Set<string>();

beforeAll(async () => {
  stage = await openStage({
    SIMULATOR_TIME_SCALE: '50',
    CLOUD_API_APP_SECRET: 'platform-secret',
    CLOUD_API_VERIFY_TOKEN: 'platform-verify',
  });
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.receiver.received.length = 0;
  mine.clear();
});

interface Change {
  field: string;
  value: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what came over the wire
}

export interface PhoneNumber {
  ref: string;
  config: Record<string, string>;
  graph(method: string, path: string, body?: unknown, headers?: Record<string, string>): ReturnType<typeof call>;
  send(to: string, part: Record<string, unknown>): ReturnType<typeof call>;
  receive(event: Record<string, unknown>): Promise<{ externalId: string }>;
}

/** A number of its own business, of the platform's app. */
export async function newNumber(options: Record<string, unknown> = {}): Promise<PhoneNumber> {
  const { ref, config } = await stage.control('POST', '/cloud-api/accounts', options);
  mine.add(config.wabaId);
  const graph: PhoneNumber['graph'] = (method, path, body, headers = {}) =>
    call(method, `${stage.origin}/cloud-api/v25.0${path}`, body, {
      authorization: `Bearer ${config.accessToken}`,
      ...headers,
    });
  return {
    ref,
    config,
    graph,
    send: (to, part) =>
      graph('POST', `/${config.phoneNumberId}/messages`, { messaging_product: 'whatsapp', to, ...part }),
    receive: (event) => stage.control('POST', `/cloud-api/accounts/${ref}/receive`, event),
  };
}

export const text = (body: string) => ({ type: 'text', text: { body } });

/** Calls of the running test's numbers, and what is in them. */
export const calls = () =>
  stage.receiver.received.filter(({ json }) => json?.entry?.some?.(({ id }: { id: string }) => mine.has(id)));
const changes = (): Change[] =>
  calls().flatMap(({ json }) => json.entry.flatMap((entry: { changes: Change[] }) => entry.changes));
export const values = (field = 'messages') =>
  changes()
    .filter((change) => change.field === field)
    .map((change) => change.value);
export const messages = () => values().flatMap((value) => value.messages ?? []);
export const statuses = () => values().flatMap((value) => value.statuses ?? []);
export const someMessages = (count = 1) => until(() => messages().length >= count && messages(), 'messages');
export const someStatuses = (count = 1) => until(() => statuses().length >= count && statuses(), 'statuses');
