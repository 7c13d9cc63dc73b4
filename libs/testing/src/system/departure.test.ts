import type { ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestAccount } from '../account';
import { freePort, startApp, type TestApp } from '../app';
import { TestStream } from '../event-stream';
import { startHttpStub, type HttpStub } from '../http-stub';
import { spawnApp, variablesOf } from '../processes';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { postAs, textCall } from './provider-calls';

let app: TestApp;
let stub: HttpStub;
let tenant: TestTenant;
let owner: TestMember;
let account: TestAccount;
const running: ChildProcess[] = [];

beforeAll(async () => {
  stub = await startHttpStub();
  app = await startApp({ env: { SHUTDOWN_DELAY_MS: '4000', EGRESS_ALLOW: stub.host } });
  ({ tenant, owner } = await app.newTenant());
  account = await tenant.newAccount('evolution', { baseUrl: stub.url });
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await app?.close();
  await stub?.close();
});

interface Process {
  url: string;
  signal(name: NodeJS.Signals): void;
  /** Its exit code, and how long after the first signal it came. */
  ended: Promise<{ code: number | null; ms: number }>;
}

async function start(name: 'api' | 'worker'): Promise<Process> {
  const port = await freePort();
  const variable = name === 'api' ? 'API_PORT' : 'WORKER_PORT';
  const child = spawnApp(name, { ...variablesOf(app.env), [variable]: `${port}` });
  running.push(child);
  child.stdout.resume();
  child.stderr.resume();
  const url = `http://127.0.0.1:${port}`;
  await waitFor(`${name} to be ready`, async () => (await fetch(`${url}/health/ready`).catch(() => null))?.ok);
  let toldAt: number | undefined;
  return {
    url,
    signal: (signal) => {
      toldAt ??= performance.now();
      child.kill(signal);
    },
    ended: new Promise((resolve) =>
      child.once('exit', (code) => resolve({ code, ms: performance.now() - (toldAt ?? NaN) })),
    ),
  };
}

/** A call of the provider of which half has come. */
async function halfCall(url: string, body: string): Promise<{ finish(): void; answer: Promise<string> }> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connect(Number(port), hostname);
  let text = '';
  socket.on('error', () => {}).on('data', (chunk) => (text += chunk.toString()));
  const answer = new Promise<string>((resolve) => socket.on('close', () => resolve(text)));
  const head = [
    `POST ${account.webhookPath} HTTP/1.1`,
    'host: parley',
    'content-type: application/json',
    `x-parley-secret: ${String(account.config.webhookSecret)}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  await new Promise<void>((resolve) =>
    socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 20)}`, () => resolve()),
  );
  return { finish: () => socket.write(body.slice(20)), answer };
}

/** Takes the answer's head, and then nothing any more. */
async function deafReader(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `GET /api/inbox/events HTTP/1.1\r\nhost: parley\r\naccept: text/event-stream\r\ncookie: ${owner.cookie}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
}

/** As browsers open ahead of what they may want to ask. */
async function silentConnection(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
}

const kept = async (id: string) =>
  (await app.sql`select 1 from webhooks where convert_from(body, 'utf8') like ${`%${id}%`}`).length === 1;

it('an api that is told to stop says so, serves on, tells streams when to come back, and ends', async () => {
  const api = await start('api');
  const stream = await TestStream.open({ url: api.url, cookie: owner.cookie });
  await waitFor('its first words', () => stream.retries.length > 0);
  await deafReader(api.url);
  await silentConnection(api.url);
  const half = await halfCall(api.url, textCall(account, { id: 'HALF', text: 'x' }));
  api.signal('SIGTERM');
  const ready = () => fetch(`${api.url}/health/ready`);
  await waitFor('its readiness to say no', async () => (await ready()).status === 503);
  expect(await (await ready()).json()).toMatchObject({ details: { serving: { status: 'down' } } });
  expect(await postAs({ app }, account, textCall(account, { id: 'LATE', text: 'x' }), { url: api.url })).toBe(200);
  expect((await fetch(`${api.url}/health/live`)).headers.get('connection')).toBe('close');
  expect(stream.ended).toBe(false);
  await stream.end;
  half.finish();
  expect(await half.answer).toMatch(/^HTTP\/1.1 200 /);
  expect([await kept('HALF'), await kept('LATE')]).toEqual([true, true]);
  expect(stream.retries).toHaveLength(2);
  expect(stream.retries[1]).toBeGreaterThanOrEqual(500);
  expect(stream.retries[1]).toBeLessThanOrEqual(3000);
  const { code } = await api.ended;
  expect(code).toBe(0); // 1: it was cut at its deadline
  await expect(fetch(`${api.url}/health/live`)).rejects.toThrow();
});

it('a second signal ends a process where it stands', async () => {
  const api = await start('api');
  const half = await halfCall(api.url, textCall(account, { id: 'NEVER', text: 'x' }));
  api.signal('SIGTERM');
  await waitFor('it to be stopping', async () => (await fetch(`${api.url}/health/ready`)).status === 503);
  api.signal('SIGINT');
  const { code, ms } = await api.ended;
  expect(code).toBe(1);
  expect(ms).toBeLessThan(9000); // the call that hangs would have kept it until the deadline
  expect(await half.answer).toBe('');
});

it('a worker that is told to stop ends the calls that run, and stores what became of them', async () => {
  const conversation = await tenant.newConversation({ accountId: account.id });
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  stub.answer(async ({ path }) => {
    if (!path.includes('sendText')) return { body: { instance: { state: 'open' } } };
    called.resolve();
    await answer.promise;
    return { status: 201, body: { key: { id: 'SENT-AT-LAST' } } };
  });
  const worker = await start('worker');
  const { id } = await tenant.newMessage(conversation, { direction: 'outbound', text: 'hello' });
  await app.sql`insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, head, place, due_at, expires_at)
    values (${tenant.id}, ${id}, ${account.id}, ${conversation.chatId}, ${conversation.id}, ${id}, true, 1, now(), now() + interval '1 day')`;
  await called.promise;
  worker.signal('SIGTERM');
  await waitFor('its readiness to say no', async () => (await fetch(`${worker.url}/health/ready`)).status === 503);
  answer.resolve();
  expect(await worker.ended).toMatchObject({ code: 0 });
  const rows = await app.sql`select external_id from attempts where delivery_id = ${id}`;
  expect([...rows]).toEqual([{ external_id: 'SENT-AT-LAST' }]);
});
