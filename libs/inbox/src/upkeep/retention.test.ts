import { randomUUID } from 'node:crypto';
import { createPool } from '@parley/db/pools';
import { writeEvents } from '@parley/platform/events';
import { SteadyPool, steadyPool } from '@parley/platform/steady-pool';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RetentionService } from './retention.service';

let app: TestApp;
let worker: SteadyPool;
let platform: SteadyPool;
let retention: RetentionService;

beforeAll(async () => {
  app = await startApp({});
  const connect = (onClose: () => void) => createPool(app.env.DATABASE_URL, 'parley_worker', { max: 1, onClose });
  worker = new SteadyPool({ connect, max: 2 });
  platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
  retention = new RetentionService(worker, platform, { WEBHOOK_RETENTION_DAYS: 30 });
});
afterAll(async () => {
  await worker?.close();
  await platform?.close();
  await app?.close();
});

async function insertEvents(tenantId: string, count: number, age: string): Promise<void> {
  await app.sql`insert into events (tenant_id, seq, type, at, data)
    select ${tenantId}, coalesce((select max(seq) from events where tenant_id = ${tenantId}), 0) + n, 'label.updated', now() - ${age}::interval, ''
    from generate_series(1, ${count}::int) n`;
}

it('removes events older than a week, raises the floor, and never gives a number twice', async () => {
  const [{ tenant: busy }, { tenant: quiet }] = [await app.newTenant(), await app.newTenant()];
  await insertEvents(busy.id, 2500, '8 days');
  await insertEvents(busy.id, 5, '6 days');
  await insertEvents(quiet.id, 3, '9 days');
  await retention.removeOld();
  const left = await app.sql`select tenant_id, min(seq) first, count(*)::int n from events group by 1`;
  expect([...left]).toEqual([{ tenant_id: busy.id, first: 2501, n: 5 }]);
  const floors = await app.sql<{ floor: number }[]>`
    select floor from event_heads where tenant_id in ${app.sql([busy.id, quiet.id])} order by floor desc`;
  expect(floors.map((row) => row.floor)).toEqual([2500, 3]);
  const event = {
    type: 'message.removed' as const,
    audience: { to: 'tenant' as const },
    messageId: busy.id,
    conversationId: busy.id,
  };
  const next = await worker.transaction([quiet.id], (tx) =>
    writeEvents(tx, [{ tenantId: quiet.id, correlationId: null, event }], Date.now()),
  );
  expect(next.get(quiet.id)?.[0]?.seq).toBe(4);
});

it('removes events as soon as a tenant keeps them no longer', async () => {
  const { tenant } = await app.newTenant();
  await app.sql`update tenants set keep_event_days = 2 where id = ${tenant.id}`;
  await insertEvents(tenant.id, 4, '3 days');
  await insertEvents(tenant.id, 1, '1 day');
  await retention.removeOld();
  const left = await app.sql`select seq::int from events where tenant_id = ${tenant.id}`;
  expect([...left]).toEqual([{ seq: 5 }]);
});

it('removes ids that waited 8 days for their message, and answers kept for a day', async () => {
  const { tenant, owner } = await app.newTenant();
  const account = await tenant.newAccount();
  const keep = { tenant_id: tenant.id, account_id: account.id };
  await app.sql`insert into externals ${app.sql([
    { ...keep, external_id: 'old', seen_at: new Date(Date.now() - 9 * 86_400_000) },
    { ...keep, external_id: 'new', seen_at: new Date() },
  ])}`;
  const key = { tenant_id: tenant.id, member_id: owner.id, fingerprint: 'f' };
  await app.sql`insert into idempotency_keys ${app.sql([
    { ...key, key: 'old', created_at: new Date(Date.now() - 25 * 3_600_000) },
    { ...key, key: 'new', created_at: new Date() },
  ])}`;
  const ofLogin = { user_id: owner.userId, fingerprint: 'f' };
  await app.sql`insert into login_idempotency_keys ${app.sql([
    { ...ofLogin, key: 'old', created_at: new Date(Date.now() - 25 * 3_600_000) },
    { ...ofLogin, key: 'new', created_at: new Date() },
  ])}`;
  await retention.removeOld();
  expect([...(await app.sql`select key from login_idempotency_keys where user_id = ${owner.userId}`)]).toEqual([
    { key: 'new' },
  ]);
  expect([...(await app.sql`select external_id from externals where tenant_id = ${tenant.id}`)]).toEqual([
    { external_id: 'new' },
  ]);
  expect([...(await app.sql`select key from idempotency_keys where tenant_id = ${tenant.id}`)]).toEqual([
    { key: 'new' },
  ]);
});

it('removes sessions and proofs that are over for a week, and invitations for three months', async () => {
  const { tenant, owner } = await app.newTenant();
  const { sql } = app;
  const over = (days: number) => new Date(Date.now() - days * 86_400_000);
  const session = () => ({ id: randomUUID(), token: randomUUID(), user_id: owner.userId });
  const sessions = [8, 6].map((days) => ({ ...session(), expires_at: over(days) }));
  const proofs = [8, 6].map((days) => ({ id: randomUUID(), identifier: 'x', value: 'x', expires_at: over(days) }));
  await sql`insert into sessions ${sql(sessions)}`;
  await sql`insert into verifications ${sql(proofs)}`;
  const invited = { tenant_id: tenant.id, role: 'agent', via: 'link', token_hash: 'x' };
  const states = [
    { expires_at: over(91), accepted_at: null, revoked_at: null },
    { expires_at: over(99), accepted_at: over(91), revoked_at: null },
    { expires_at: over(99), accepted_at: null, revoked_at: over(89) },
    { expires_at: over(89), accepted_at: null, revoked_at: null },
    { expires_at: over(-1), accepted_at: null, revoked_at: null },
  ].map((state, n) => ({ ...invited, ...state, id: randomUUID(), email: `${n}@example.com` }));
  await sql`insert into invitations ${sql(states)}`;
  const ofInstall = states.map(({ tenant_id: _tenant, role: _role, ...state }) => ({ ...state, id: randomUUID() }));
  await sql`insert into super_admin_invitations ${sql(ofInstall)}`;
  await retention.removeOld();
  const left = async (table: string, ids: string[]) => {
    const rows = await sql<{ id: string }[]>`select id from ${sql(table)} where id = any(${ids})`;
    return ids.map((id) => rows.some((row) => row.id === id));
  };
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
  expect(await left('sessions', [...idsOf(sessions), owner.sessionId])).toEqual([false, true, true]);
  expect(await left('verifications', idsOf(proofs))).toEqual([false, true]);
  for (const [table, ids] of [
    ['invitations', idsOf(states)],
    ['super_admin_invitations', idsOf(ofInstall)],
  ] as const)
    expect([table, await left(table, ids)]).toEqual([table, [false, false, true, true, true]]);
});

/** The UTC day so many days from now. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const partitionOf = (day: string) => `parts.webhooks_${day.replaceAll('-', '')}`;

async function partitions(): Promise<string[]> {
  const rows = await app.sql<{ name: string }[]>`select 'parts.' || relname as name from pg_class
    where relnamespace = 'parts'::regnamespace and relname ~ '^webhooks_\\d{8}$' and relkind = 'r' order by 1`;
  return rows.map((row) => row.name);
}

async function insertWebhook(day: string): Promise<{ tenant_id: string; received_on: string; key: string }> {
  const { tenant } = await app.newTenant();
  const key = { tenant_id: tenant.id, received_on: day, key: randomUUID() };
  const rest = { account_id: randomUUID(), received_at: new Date(), correlation_id: 'test', body: Buffer.from('{}') };
  await app.sql`insert into webhooks ${app.sql({ ...key, ...rest })}`;
  return key;
}

const holderOf = async ({ key }: { key: string }) => {
  const [row] = await app.sql<
    { name: string }[]
  >`select tableoid::regclass::text as name from webhooks where key = ${key}`;
  return row?.name;
};

const week = () => Array.from({ length: 8 }, (_, i) => partitionOf(dayIn(i)));

it('keeps a week of partitions ahead, also of days whose webhooks came before their partition', async () => {
  const before = (await partitions()).filter((name) => !week().includes(name)); // the database may be of yesterday
  for (const name of [...before, ...[0, 3].map((days) => partitionOf(dayIn(days)))])
    await app.sql`drop table ${app.sql(name)}`;
  const early = await insertWebhook(dayIn(0));
  expect(await holderOf(early)).toBe('parts.webhooks_default');
  await retention.maintainPartitions();
  expect(await partitions()).toEqual(week());
  expect(await holderOf(early)).toBe(partitionOf(dayIn(0)));
  await expect(app.sql`insert into webhooks select * from webhooks where key = ${early.key}`).rejects.toMatchObject({
    code: '23505',
  });
});

it('drops old days, though another cannot be made, and keeps those that something still waits for', async () => {
  const [old, awaited, stray] = [dayIn(-31), dayIn(-40), dayIn(-50)];
  for (const day of [old, awaited]) {
    await app.sql.unsafe(
      `create table ${partitionOf(day)} partition of webhooks for values from ('${day}') to (date '${day}' + 1)`,
    );
  }
  const waiting = await insertWebhook(awaited);
  await insertWebhook(stray);
  await app.sql`insert into pending ${app.sql({ ...waiting, account_id: randomUUID(), lane: 1, arrival: 1 })}`;
  // Something stands in the way of one day.
  await app.sql`drop table ${app.sql(partitionOf(dayIn(5)))}`;
  await app.sql.unsafe(
    `create table parts.other partition of webhooks for values from ('${dayIn(5)}') to (date '${dayIn(5)}' + 1)`,
  );
  await app.sql`drop table ${app.sql(partitionOf(dayIn(6)))}`;
  await retention.maintainPartitions();
  expect(await partitions()).toEqual([
    partitionOf(awaited),
    ...week().filter((name) => name !== partitionOf(dayIn(5))),
  ]);
  expect(await app.sql`select 1 from parts.webhooks_default`).toHaveLength(0);
  await app.sql`drop table parts.other`;
  await app.sql`update pending set dead = 'unreadable' where key = ${waiting.key}`;
  await retention.maintainPartitions();
  expect(await partitions()).toEqual(week());
});
