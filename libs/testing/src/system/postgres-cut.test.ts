import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { processPart, startProcess, variablesOf, type AppProcess } from '../processes';
import { startDoor, type Door } from '../rig/door';
import { waitFor } from '../wait-for';

const CUTS = 40;
const CHATS = 10;
const EACH = 60;

let app: TestApp;
let proxy: Door;
let worker: AppProcess;

beforeAll(async () => {
  app = await startApp({ api: processPart('api') });
  const direct = new URL(app.env.DATABASE_URL);
  proxy = await startDoor({ host: direct.hostname, port: Number(direct.port) });
  const through = new URL(direct);
  through.hostname = '127.0.0.1';
  through.port = String(proxy.port);
  const port = await freePort();
  const variables = {
    ...variablesOf(app.env),
    DATABASE_URL: through.href,
    WORKER_PORT: String(port),
    LOG_LEVEL: 'error',
  };
  worker = await startProcess('worker', variables, `http://127.0.0.1:${port}/health/ready`);
});
afterAll(async () => {
  await worker?.close();
  await proxy?.close();
  await app?.close();
});

it('applies every webhook once and in order while its connections are cut again and again', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount();
  const post = async (chat: number, n: number) => {
    const data = {
      key: { remoteJid: `1202555${1000 + chat}@s.whatsapp.net`, fromMe: false, id: randomUUID() },
      pushName: `Customer ${chat}`,
      message: { conversation: String(n) },
      messageType: 'conversation',
      messageTimestamp: Math.floor(Date.now() / 1000),
    };
    const body = JSON.stringify({ event: 'messages.upsert', instance: account.config.instance, data });
    const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
    expect((await fetch(app.url + account.webhookPath, { method: 'POST', headers, body })).status).toBe(200);
  };
  let writing = true;
  const written = Promise.all(
    Array.from({ length: CHATS }, async (_, chat) => {
      for (let n = 0; n < EACH; n++) await post(chat, n);
    }),
  ).finally(() => (writing = false));
  for (let i = 0; i < CUTS || writing; i++) {
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
    proxy.shut();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    proxy.open();
  }
  await written;
  await waitFor('the queue to be empty', async () => (await app.sql`select 1 from pending`).length === 0, {
    timeoutMs: 60_000,
  });
  const rows = await app.sql<{ chat: string; text: string }[]>`
    select c.title chat, m.content->>'text' as text from messages m join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.tenant_id = ${tenant.id} and m.direction = 'inbound' order by m.position, m.id`;
  const disordered = [...Map.groupBy(rows, (row) => row.chat).values()].filter((list) =>
    list.some((row, i) => row.text !== String(i)),
  );
  const received = await app.sql`select sum(received)::int n from conversations where tenant_id = ${tenant.id}`;
  expect({ applied: rows.length, disordered: disordered.length, received: received[0]?.n }).toEqual({
    applied: CHATS * EACH,
    disordered: 0,
    received: CHATS * EACH,
  });
}, 180_000);
