import { randomUUID } from 'node:crypto';
import { createRedis } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { startApp, type TestApp } from '@parley/testing/app';
import { furnishConversation, insertLabel, type SightThings } from '@parley/testing/house';
import { residueOf } from '@parley/testing/residue';
import { redisUrl } from '@parley/testing/services';
import type { TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TenantRetention } from './tenant-retention';

let app: TestApp;
let pools: SteadyPool[];
let workers: TenantRetention[];
const redis = createRedis(redisUrl());

beforeAll(async () => {
  app = await startApp({});
  const connect = (role: 'parley_eraser' | 'parley_platform' | 'parley_app') =>
    steadyPool(app.env.DATABASE_URL, role, { max: 2 });
  const [eraser, platform, tenants] = [connect('parley_eraser'), connect('parley_platform'), connect('parley_app')];
  pools = [eraser, platform, tenants];
  const db = new TenantDb(tenants, new RealtimeBus(redis));
  workers = [new TenantRetention(eraser, platform, db), new TenantRetention(eraser, platform, db)];
});
afterAll(async () => {
  redis.disconnect();
  await Promise.allSettled((pools ?? []).map((pool) => pool.close()));
  await app?.close();
});

const turn = () => Promise.all(workers.map((worker) => worker.turn()));

async function newTenant(keep: { resolvedDays?: number; webhookDays?: number }) {
  const { tenant, owner } = await app.newTenant();
  await app.sql`update tenants set keep_resolved_days = ${keep.resolvedDays ?? null},
    keep_webhook_days = ${keep.webhookDays ?? null} where id = ${tenant.id}`;
  const { id: accountId } = await tenant.newAccount();
  return { tenant, owner, accountId };
}

/** With messages, deliveries, a label and a read mark, as it stands so many days after somebody last touched it. */
async function talk(
  { tenant, owner, accountId }: Awaited<ReturnType<typeof newTenant>>,
  { status = 'resolved', said, touched = said }: { status?: string; said: number; touched?: number },
): Promise<SightThings> {
  const name = randomUUID().slice(0, 8);
  const things = await furnishConversation(app.sql, tenant, { accountId, memberId: owner.id, name });
  const { conversationId: id, messageId } = things;
  const key = { tenant_id: tenant.id, conversation_id: id };
  const label = { ...key, label_id: await insertLabel(app.sql, tenant.id, name) };
  await app.sql`insert into conversation_labels ${app.sql(label)}`;
  await app.sql`insert into reads ${app.sql({ ...key, member_id: owner.id, seen: 1 })}`;
  await app.sql`insert into reactions (tenant_id, message_id, actor, emoji, at) values (${tenant.id}, ${messageId}, 'us', '👍', now())`;
  await app.sql`update conversations set status = ${status}, last_message_at = now() - make_interval(days => ${said}),
    newest = (extract(epoch from now() - make_interval(days => ${touched})) * 1e6)::bigint where id = ${id}`;
  return things;
}

const isLeft = async ({ conversationId: id }: SightThings) =>
  (await app.sql`select 1 from conversations where id = ${id}`).length === 1;
const removedOf = async (tenant: TestTenant) =>
  (await tenant.events()).flatMap((event) => (event.type === 'conversation.removed' ? [event.conversationId] : []));

it('removes resolved conversations in which nothing happened for as long, with all that was said, and tells', async () => {
  const [house, keeping] = [await newTenant({ resolvedDays: 30 }), await newTenant({})];
  const old = await talk(house, { said: 31 });
  await app.sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position)
    select ${house.tenant.id}, gen_random_uuid(), ${old.conversationId}, ${old.chatId}, 'inbound', '{"type":"text","text":"x"}', n
    from generate_series(1, 1200) n`;
  const stay = [
    await talk(house, { said: 29 }),
    await talk(house, { said: 31, touched: 1 }), // somebody resolved it yesterday
    await talk(house, { said: 31, status: 'open' }),
    await talk(house, { said: 31, status: 'pending' }),
    await talk(keeping, { said: 4000 }),
  ];
  await turn();
  expect(await isLeft(old)).toBe(false);
  expect(await Promise.all(stay.map(isLeft))).toEqual(stay.map(() => true));
  const { chatId, messageId, failedId, unknownId, contactId } = old;
  expect(await residueOf(app.sql, [chatId, messageId, failedId, unknownId])).toEqual([]);
  expect(await app.sql`select 1 from messages where conversation_id = ${old.conversationId}`).toHaveLength(0);
  expect(await app.sql`select 1 from contacts where id = ${contactId}`).toHaveLength(1);
  expect(new Set(await removedOf(house.tenant))).toEqual(new Set([old.conversationId]));
  expect(await removedOf(keeping.tenant)).toEqual([]);
});

it('removes more than it looks at in one go', async () => {
  const house = await newTenant({ resolvedDays: 30 });
  const { id: tenantId } = house.tenant;
  const { contactId } = await talk(house, { said: 1 });
  await app.sql`insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status, last_message_at)
    select ${tenantId}, gen_random_uuid(), 'direct', ${house.accountId}, gen_random_uuid(), ${contactId}, 'T', 't', 'resolved', now() - interval '99 days'
    from generate_series(1, 120)`;
  await workers[0]?.turn();
  const left = await app.sql`select 1 from conversations where tenant_id = ${tenantId}`;
  expect([left.length, (await removedOf(house.tenant)).length]).toEqual([1, 120]);
});

it('removes what providers brought, and what could not be applied of it, but nothing that waits', async () => {
  const [house, keeping] = [await newTenant({ webhookDays: 5 }), await newTenant({})];
  const keep = async ({ tenant, accountId }: typeof house, days: number, dead?: string | null) => {
    const key = { tenant_id: tenant.id, received_on: dayAgo(days), key: randomUUID() };
    await app.sql`insert into webhooks ${app.sql({
      ...key, account_id: accountId, received_at: new Date(), correlation_id: 'c', body: Buffer.from('{}'),
    })}`; // prettier-ignore
    if (dead !== undefined)
      await app.sql`insert into pending ${app.sql({ ...key, account_id: accountId, lane: 0, arrival: 1, dead })}`;
    return key.key;
  };
  await keep(house, 6);
  const [waiting, dead] = [await keep(house, 7, null), await keep(house, 7, 'unreadable')];
  const [fresh, others] = [await keep(house, 5), await keep(keeping, 29)];
  await turn();
  const left = await app.sql`select key from webhooks where tenant_id in (${house.tenant.id}, ${keeping.tenant.id})`;
  expect(left.map(({ key }) => key as string).sort()).toEqual([waiting, fresh, others].sort());
  const queued = await app.sql`select key from pending where key in (${waiting}, ${dead})`;
  expect([...queued]).toEqual([{ key: waiting }]);
});

/** The UTC day so many days ago. */
const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
