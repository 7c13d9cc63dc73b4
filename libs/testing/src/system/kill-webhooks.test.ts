import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type LiveAccount, type System } from './system';

const CHATS = 20;
const EACH = 50;

let system: System;
let tenant: TestTenant;
let accounts: LiveAccount[];

beforeAll(async () => {
  system = await startSystem({ workers: 1 });
  ({ tenant } = await system.app.newTenant());
  accounts = [await system.connect(tenant, 'evolution'), await system.connect(tenant, 'evolution')];
});
afterAll(() => system?.close());

const phoneOf = (chat: number) => `1202555${String(1000 + chat)}`;

function upsert(account: LiveAccount, chat: number, n: number): string {
  return JSON.stringify({
    event: 'messages.upsert',
    instance: account.config.instance,
    data: {
      key: { remoteJid: `${phoneOf(chat)}@s.whatsapp.net`, fromMe: false, id: `K${chat}-${n}` },
      pushName: `Customer ${chat}`,
      message: { conversation: String(n) },
      messageType: 'conversation',
      messageTimestamp: Math.floor(Date.now() / 1000),
    },
  });
}

/** Posts until it is acked, as a provider does; every tenth call twice. Answers how often it was refused. */
async function post(account: LiveAccount, body: string, twice: boolean): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-parley-secret': String(account.config.webhookSecret) };
  const once = () =>
    fetch(system.app.url + account.webhookPath, { method: 'POST', headers, body }).catch(() => undefined);
  let refused = 0;
  while (!(await once())?.ok) refused++;
  if (twice) await once();
  return refused;
}

// Within a chat the next is posted once the one before was acked: the order that must be kept.
async function writeChat(chat: number): Promise<number> {
  const account = accounts[chat % accounts.length];
  if (!account) throw new Error('no account');
  let refused = 0;
  for (let n = 0; n < EACH; n++) refused += await post(account, upsert(account, chat, n), n % 10 === 0);
  return refused;
}

it('loses, doubles and reorders none of 1,000 webhooks while the worker is killed twice, and Redis is emptied and then away for 15 s', async () => {
  const total = CHATS * EACH;
  const writing = Promise.all(Array.from({ length: CHATS }, (_, chat) => writeChat(chat)));
  const applied = async () => (await count()) ?? 0;
  await waitFor('a first part to be applied', async () => (await applied()) > total / 10, { timeoutMs: 60_000 });
  await system.workers.at(-1)?.kill('SIGKILL');
  await system.emptyRedis();
  await system.startWorker();
  await waitFor('more to be applied', async () => (await applied()) > total / 5, { timeoutMs: 60_000 });
  system.redis.shut();
  const away = performance.now();
  await system.workers.at(-1)?.kill('SIGKILL');
  await system.startWorker();
  const refused = (await writing).reduce((sum, n) => sum + n, 0);
  const drainedWithoutRedis = await waitFor('everything to be applied', async () => (await applied()) >= total, {
    timeoutMs: 60_000,
  });
  await waitFor('Redis to have been away for 15 s', () => performance.now() - away > 15_000, { timeoutMs: 20_000 });
  system.redis.open();

  const rows = await system.app.sql<{ chat: string; text: string; n: number }[]>`
      select cv.title as chat, m.content->>'text' as text, count(*)::int n, min(m.position) p from messages m
      join conversations cv on cv.tenant_id = m.tenant_id and cv.id = m.conversation_id
      where m.tenant_id = ${tenant.id} group by 1, 2 order by 1, p`;
  const order = Map.groupBy(rows, (row) => row.chat);
  const disordered = [...order.values()].filter((chat) => chat.some((row, i) => row.text !== String(i))).length;
  const doubled = rows.filter((row) => row.n > 1).length;
  const [events] = await system.app
    .sql`select count(*)::int n, max(seq) max from events where tenant_id = ${tenant.id}`;
  console.log(
    `webhooks: acked ${total}, refused and retried ${refused}, applied ${rows.length}, lost ${total - rows.length}, doubled ${doubled}, chats out of order ${disordered}, events ${events?.n} of ${events?.max}`,
  );
  expect({ rows: rows.length, doubled, disordered, drainedWithoutRedis }).toEqual({
    rows: total,
    doubled: 0,
    disordered: 0,
    drainedWithoutRedis: true,
  });
  expect(events?.n).toBe(Number(events?.max));
  expect(await system.app.sql`select 1 from pending where tenant_id = ${tenant.id}`).toHaveLength(0);
}, 180_000);

async function count(): Promise<number | undefined> {
  const [row] = await system.app.sql<
    { n: number }[]
  >`select count(*)::int n from messages where tenant_id = ${tenant.id}`;
  return row?.n;
}
