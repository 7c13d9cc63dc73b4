import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, freePort, type TestApp } from '../app';
import { startProcess, variablesOf, type AppProcess } from '../processes';
import { ScriptedProvider } from '../scripted-provider';
import { startDoor, type Door } from '../rig/door';
import { waitFor } from '../wait-for';

let app: TestApp;
let proxy: Door;
let provider: ScriptedProvider;
let worker: AppProcess;
let health: string;

beforeAll(async () => {
  provider = new ScriptedProvider();
  await provider.listen();
  app = await startApp({ env: { EGRESS_ALLOW: `127.0.0.1:${provider.port}` } });
  const direct = new URL(app.env.DATABASE_URL);
  proxy = await startDoor({ host: direct.hostname, port: Number(direct.port) });
  const through = new URL(direct);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const port = await freePort();
  health = `http://127.0.0.1:${port}/health`;
  proxy.shut(); // it starts without Postgres
  const variables = {
    ...variablesOf(app.env),
    DATABASE_URL: through.href,
    WORKER_PORT: String(port),
    LOG_LEVEL: 'warn',
  };
  worker = await startProcess('worker', variables, `${health}/live`);
});
afterAll(async () => {
  await worker?.close();
  await proxy?.close();
  await provider?.close();
  await app?.close();
});

const ready = async () => (await fetch(`${health}/ready`)).status;

it('starts without Postgres, works when it comes, outlives that it goes, and stores what it learnt meanwhile', async () => {
  expect(await ready()).toBe(503);
  proxy.open();
  await waitFor('the worker to be ready', async () => (await ready()) === 200);

  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount('evolution', { baseUrl: provider.url });
  const chat = await tenant.newConversation({ accountId: account.id });
  let answer = () => {};
  provider.script(chat.phone, (call) => new Promise((resolve) => (answer = () => resolve(provider.accept(call)))));
  const { id } = await tenant.newMessage(chat, {
    direction: 'outbound',
    text: 'through the storm',
    delivery: 'queued',
    externalId: null,
  });
  await app.sql`insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, member_id, head, place, due_at, expires_at)
    values (${tenant.id}, ${id}, ${account.id}, ${chat.chatId}, ${chat.id}, ${id}, ${owner.id}, true, 1, now(), now() + interval '1 day')`;
  await waitFor('the call', () => provider.calls.length === 1);

  proxy.shut();
  answer();
  await waitFor('the worker to notice', async () => (await ready()) === 503);
  proxy.open();
  const status = async () => (await app.sql`select status from deliveries where id = ${id}`)[0]?.status;
  await waitFor('the result', async () => (await status()) === rank.accepted);
  expect(provider.calls).toHaveLength(1);
  await waitFor('the worker to be ready again', async () => (await ready()) === 200);
}, 90_000);
