import { createPool, type Pool } from '@parley/db/pools';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { seeTenants } from '@parley/platform/statements';
import type { TestConversation } from '@parley/testing/conversation';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import type { Sql } from '@parley/db/sql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimHeads, findUnknown, listDue, listForgottenAccounts, takeUnsettled } from './claim.queries';
import { findRoad } from './deliveries.queries';
import { claimEchoes } from './echoes';
import { removeElsewhere } from './elsewhere';
import { applyNews } from './news';
import { findOwners, lockConversations } from './results.queries';
import { findingOf } from './look-up';
import { settledEvents } from './settled-events';
import { settleStatuses } from './settle';

/** So many of everything that a statement which reads a tenant's all is seen at once. */
const MANY = 20_000;
const MOST_FILTERED = 200;
const MOST_SORTED = 200;

let world: SendingWorld;
let pool: Pool;
let desk: Desk;
let chat: TestConversation;
beforeAll(async () => {
  world = await startSending();
  pool = createPool(world.app.env.DATABASE_URL, 'parley_worker', { max: 1 });
  desk = await world.newDesk();
  await fill(desk.tenant.id, desk.account.id);
  chat = await desk.newChat();
});
afterAll(async () => {
  await pool?.end();
  await world?.close();
});

/** A year's messages in 200 chats, each sent, and none of them anybody's concern here. */
async function fill(tenantId: string, accountId: string): Promise<void> {
  const id = (kind: number, n: string) => `('0000000${kind}-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;
  const [message, attempt, thread, chatId] = [id(1, 'n'), id(2, 'n'), id(3, 'n % 200'), id(4, 'n % 200')];
  const inserts = [
    `messages (tenant_id, id, conversation_id, chat_id, direction, content, origin, position, delivery)
     select $1::uuid, ${message}, ${thread}, ${chatId}, 'outbound', '{"type":"text","text":"hi"}', 'agent', n, 6`,
    `deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, status, place, due_at, attempt_id, expires_at)
     select $1::uuid, ${message}, $2::uuid, ${chatId}, ${thread}, ${message}, 6, n, now(), ${attempt}, now()`,
    `attempts (tenant_id, id, delivery_id, chat_id, status, started_at, external_id)
     select $1::uuid, ${attempt}, ${message}, ${chatId}, 6, now(), 'OLD' || n`,
    `externals (tenant_id, account_id, external_id, message_id, attempt_id)
     select $1::uuid, $2::uuid, 'OLD' || n, ${message}, ${attempt}`,
  ];
  await world.app.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`; // the chats themselves are of no matter
    for (const insert of inserts) {
      const parameters = insert.includes('$2') ? [tenantId, accountId] : [tenantId];
      await tx.unsafe(`insert into ${insert} from generate_series(1, ${MANY}) n`, parameters);
    }
  });
  await world.app.sql`analyze messages, deliveries, attempts, externals`; // as autovacuum does within a minute
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** Every statement is first explained as it is planned for a worker, and that is undone. Answers what read too much. */
async function explained(work: (sql: Sql) => Promise<unknown>): Promise<{ count: number; slow: string[] }> {
  const slow: string[] = [];
  let count = 0;
  await pool.begin(async (tx) => {
    await seeTenants(tx, [desk.tenant.id]);
    let turn: Promise<unknown> = Promise.resolve();
    const unsafe = <Rows extends object[]>(text: string, parameters: unknown[] = [], options?: object) => {
      const answer = turn.then(async () => {
        slow.push(...(await wastes(tx, text, parameters)));
        count++;
        return tx.unsafe<Rows>(text, parameters as never[], options);
      });
      turn = answer;
      return answer;
    };
    await work({ unsafe });
  });
  return { count, slow };
}

async function wastes(tx: Sql, text: string, parameters: unknown[]): Promise<string[]> {
  await tx.unsafe('savepoint before');
  await tx.unsafe(`prepare explained as ${text}`);
  const values = parameters.length ? `(${parameters.map(literal).join(', ')})` : '';
  const [row] = await tx.unsafe<{ 'QUERY PLAN': string | { Plan: PlanNode }[] }[]>(
    `explain (analyze, format json) execute explained${values}`,
  );
  await tx.unsafe('rollback to before');
  await tx.unsafe('deallocate explained');
  const plan = row?.['QUERY PLAN'];
  const [root] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as { Plan: PlanNode }[];
  if (!root) throw new Error('no plan');
  return nodesOf(root.Plan).flatMap((node) => {
    const why = wasteOf(node);
    return why ? [`${why}: ${text.slice(0, 160)}`] : [];
  });
}

function wasteOf(node: PlanNode): string | null {
  const { 'Node Type': type, 'Actual Loops': loops } = node;
  const where = `${type} on ${node['Relation Name'] ?? '?'} ${node['Index Name'] ?? ''}`;
  if (type === 'Seq Scan') return where;
  const removed =
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  if (removed * loops > MOST_FILTERED) return `${where} threw ${removed * loops} rows away`;
  const sorted = /Sort|Bitmap/.test(type) ? (node.Plans ?? [node]) : [];
  const rows = sorted.reduce((sum, one) => sum + one['Actual Rows'] * one['Actual Loops'], 0);
  return rows > MOST_SORTED ? `${where} took in ${rows} rows` : null;
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

function literal(value: unknown): string {
  if (value === null) return 'null';
  const text = Array.isArray(value)
    ? `{${value.map((one) => (one === null ? 'null' : JSON.stringify(String(one)))).join(',')}}`
    : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

const leaseMs = 30_000;
const now = () => world.app.clock.now();

/** A message that is due, quoting one of its chat. */
async function due(): Promise<{ id: string; claim: { tenantId: string; deliveryId: string; attemptId: string } }> {
  const { id: quoted } = await desk.tenant.newMessage(chat, { text: 'a question' });
  const id = await desk.write(chat, 'an answer');
  await world.app.sql`update messages set quote = ${world.app.sql.json({ messageId: quoted })} where id = ${id}`;
  return { id, claim: { tenantId: desk.tenant.id, deliveryId: id, attemptId: uuid7() } };
}

it('claims and stores a send by what it is about, however much its tenant has', async () => {
  const { id, claim } = await due();
  const { count, slow } = await explained(async (sql) => {
    await listForgottenAccounts(sql, now());
    await listDue(sql, [{ tenantId: desk.tenant.id, id: desk.account.id, limit: 100, files: false }], now());
    const [row] = await claimHeads(sql, [claim], { nowMs: now(), leaseMs });
    if (!row) throw new Error('not claimed');
    expect(row.target_content).toMatchObject({ text: 'a question' });
    const finding = { ...findingOf(row, now()), outcome: { outcome: 'accepted', externalId: 'NEW' } as const };
    await lockConversations(sql, [finding]);
    await findOwners(sql, [{ ...finding, outcome: { outcome: 'found', externalId: 'OLD7' } }]);
    const news = { is: 'status', rank: rank.unknown, lookAtMs: now() } as const;
    const { tenantId, attemptId, atMs } = finding;
    const { settled } = await applyNews(sql, [
      { tenantId, attemptId, atMs, news, externalId: null, reason: null, detail: null },
    ]);
    await settledEvents(sql, settled);
    await takeUnsettled(sql, [claim], { nowMs: now() + 1, untilMs: now() + leaseMs });
    expect(await findUnknown(sql, desk.tenant.id, id)).toBeDefined();
  });
  expect(slow).toEqual([]);
  expect(count).toBeGreaterThan(8);
});

it('settles statuses and echoes by what they are about', async () => {
  const { id: tenantId } = desk.tenant;
  const account = { tenantId, accountId: desk.account.id };
  const { count, slow } = await explained(async (sql) => {
    const status = {
      ...account,
      externalId: `OLD${MANY - 1}`,
      rank: rank.read,
      at: new Date(),
      reason: null,
      detail: null,
    };
    expect(await settleStatuses(sql, [status])).toHaveLength(1);
    const content = { type: 'text', text: 'hi' } as const;
    const at = { sentAt: new Date(), receivedAt: new Date() };
    await claimEchoes(sql, [{ ...account, chatId: chat.chatId, externalId: 'ELSE', content, ...at }]);
    await findRoad(sql, { tenantId, conversationId: chat.id }, 50);
  });
  expect(slow).toEqual([]);
  expect(count).toBeGreaterThan(5);
});

it('finds what is last in a thread at its end', async () => {
  const long = await desk.newChat();
  const { tenantId, id: conversationId, accountId } = long;
  await world.app.sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position)
    select ${tenantId}, gen_random_uuid(), ${conversationId}, ${long.chatId}, 'inbound', '{"type":"text","text":"hi"}', n from generate_series(1, ${MOST_SORTED + 1}::int) n`;
  const elsewhere = await desk.tenant.newMessage(long, { direction: 'outbound', text: 'twice' });
  const ours = await desk.tenant.newMessage(long, { direction: 'outbound', text: 'twice' });
  await world.app.sql`update conversations set last_message_id = ${elsewhere.id} where id = ${conversationId}`;
  const duplicate = { tenantId, accountId, conversationId, elsewhereId: elsewhere.id, messageId: ours.id };
  const { slow } = await explained((sql) => removeElsewhere(sql, [duplicate]));
  expect(slow.filter((one) => !one.includes("jsonb_set(q.quote, '{messageId}'"))).toEqual([]); // quotes may be anywhere in it
});

it('claims words beside a flood of files that wait for a place, and reads none of them', async () => {
  const flooded = await world.newDesk();
  const { tenant, account } = flooded;
  await world.app.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`; // each is the first of a chat, of which there is no more than its id
    await tx`insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, place, head, file, due_at, expires_at)
      select ${tenant.id}, gen_random_uuid(), ${account.id}, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), n, true, true,
        now() - interval '1 hour' + n * interval '1 ms', now() + interval '1 day' from generate_series(1, ${MANY}::int) n`;
  });
  await world.app.sql`vacuum analyze deliveries`; // as autovacuum does within a minute
  const id = await flooded.write(await flooded.newChat(), 'words');
  const { slow } = await explained(async (sql) => {
    const claim = async (files: boolean) => {
      const wanted = { tenantId: tenant.id, id: account.id, limit: 100, files };
      return (await listDue(sql, [wanted], now())).get(wanted)?.heads ?? [];
    };
    expect((await claim(false)).map((head) => head.id)).toEqual([id]);
    expect(await claim(true)).toHaveLength(100);
  });
  expect(slow).toEqual([]);
});
