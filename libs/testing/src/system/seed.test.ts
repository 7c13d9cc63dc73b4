import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ConversationBase } from '@parley/contracts/conversations';
import { Message } from '@parley/contracts/messages';
import { loadConversations } from '@parley/inbox/conversations/conversation.view';
import { loadMessages } from '@parley/inbox/messages/message.view';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, startApp, type TestApp } from '../app';
import { startProcess, variablesOf, type AppProcess } from '../processes';

const root = path.resolve(import.meta.dirname, '../../../..');
let app: TestApp;
let simulator: AppProcess;
let simulatorUrl: string;
let folder: string;

beforeAll(async () => {
  const port = await freePort();
  simulatorUrl = `http://127.0.0.1:${port}`;
  folder = await mkdtemp(path.join(tmpdir(), 'parley-simulator-'));
  app = await startApp({ env: { PARLEY_DEMO: '1', SIMULATOR_URL: simulatorUrl, EGRESS_ALLOW: `127.0.0.1:${port}` } });
  simulator = await startProcess(
    'simulator',
    { SIMULATOR_PORT: String(port), SIMULATOR_URL: simulatorUrl, SIMULATOR_DATA: folder },
    `${simulatorUrl}/`,
  );
});
afterAll(async () => {
  await simulator?.close();
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

async function seed(): Promise<void> {
  await promisify(execFile)(process.execPath, [path.join(root, 'apps/worker/dist/seed.js')], {
    env: { PATH: process.env.PATH, ...variablesOf(app.env) },
  });
}

const tables = [
  'users',
  'members',
  'accounts',
  'labels',
  'conversations',
  'chats',
  'messages',
  'deliveries',
  'externals',
  'reads',
];
const counts = () =>
  Promise.all(
    tables.map(async (table) => [table, (await app.sql.unsafe(`select count(*)::int n from ${table}`))[0]?.n]),
  );

it('seeds the demo once, however often it runs, and every chat answers', async () => {
  await seed();
  const once = await counts();
  await seed();
  expect(await counts()).toEqual(once);
  expect(Object.fromEntries(once)).toMatchObject({ users: 9, members: 8, accounts: 8 });

  const accounts = await app.sql<{ state: string }[]>`select state from accounts`;
  // GREEN-API starts an instance anew when it is first told where to post: some seconds.
  expect(accounts.filter(({ state }) => state !== 'connected' && state !== 'connecting')).toEqual([]);
  const keys = await app.sql<{ tenantId: string; id: string }[]>`select tenant_id "tenantId", id from messages`;
  for (const message of await loadMessages(app.sql, [...keys]))
    expect(Message.safeParse(message).error).toBeUndefined();
  const threads = await app.sql<{ tenantId: string; id: string }[]>`select tenant_id "tenantId", id from conversations`;
  const conversations = await loadConversations(app.sql, [...threads]);
  for (const conversation of conversations) expect(ConversationBase.safeParse(conversation).error).toBeUndefined();
  expect(new Set(conversations.map((c) => `${c.kind} ${c.status}`)).size).toBeGreaterThanOrEqual(4);

  let chats = 0;
  for (const provider of ['evolution', 'cloud-api']) {
    for (const tenant of ['acme', 'globex']) {
      const response = await fetch(`${simulatorUrl}/phone/${provider}/${tenant}-${provider}/chats`);
      const list = (await response.json()) as { answers: number }[];
      for (const chat of list) expect(chat.answers).toBeGreaterThan(0);
      chats += list.length;
    }
  }
  expect(chats).toBe(conversations.length);
}, 60_000);
