import 'reflect-metadata';
import { createPool } from '@parley/db/pools';
import { Metrics } from '@parley/platform/metrics';
import { SteadyPool, steadyPool } from '@parley/platform/steady-pool';
import { createRedis } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { TenantDb } from '@parley/platform/tenant-db';
import { startApp, type TestApp } from '@parley/testing/app';
import { buffersOf, faultsOf, sum, type Plan } from '@parley/testing/plans/plan';
import { startPlanTap, type PlanTap } from '@parley/testing/plans/plan-tap';
import { redisUrl } from '@parley/testing/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MembersService } from '../members/members.service';
import { AssignmentService } from './assignment.service';
import { BacklogService } from './backlog.service';
import { CensusService } from './census.service';

/** So much of everything that is past that a statement which reads it is seen at once. */
const PAST = 20_000;

let app: TestApp;
let tap: PlanTap;
let worker: SteadyPool;
let platform: SteadyPool;
beforeAll(async () => {
  app = await startApp({});
  tap = await startPlanTap(app.env.DATABASE_URL);
  const connect = (onClose: () => void) => createPool(tap.url, 'parley_worker', { max: 1, onClose });
  worker = new SteadyPool({ connect, max: 1 });
  platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
});
afterAll(async () => {
  await worker?.close();
  await platform?.close();
  await tap?.close();
  await app?.close();
});

async function fill(tenantId: string, accountId: string): Promise<void> {
  const id = `('0000000a-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`;
  const inserts = [
    `deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, status, place, due_at, expires_at)
      select $1::uuid, ${id}, $2::uuid, ${id}, ${id}, ${id}, case when n % 100 = 0 then 2 else 6 end, n, now() - interval '3 days', now()`,
    `externals (tenant_id, account_id, external_id, message_id, seen_at)
      select $1::uuid, $2::uuid, 'OLD' || n, case when n % 20 = 0 then null else ${id} end, now() - interval '4 days'`,
    `account_hours (tenant_id, account_id, hour, received, last_at)
      select $1::uuid, case when n % 200 = 0 then $2::uuid else ${id} end, date_trunc('hour', now() - make_interval(hours => n / 10)), 50, now()`,
    `conversations (tenant_id, id, kind, account_id, chat_id, title, search_text, status, last_message_at)
      select $1::uuid, ${id}, 'direct', $2::uuid, ${id}, 'x', 'x', 'resolved', now()`,
  ];
  await app.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`; // what they point to is of no matter
    for (const insert of inserts)
      await tx.unsafe(`insert into ${insert} from generate_series(1, ${PAST}) n`, [tenantId, accountId]);
  });
  await app.sql`vacuum analyze deliveries, externals, account_hours, conversations`; // as autovacuum does within a minute
}

/** Open conversations in which nobody waits, half of them the member's. */
async function fillWithAnswered(tenantId: string, { accountId, memberId }: { accountId: string; memberId: string }) {
  const id = `('0000000b-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid`;
  await app.sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx.unsafe(
      `insert into conversations (tenant_id, id, kind, account_id, chat_id, assignee_id, title, search_text, status, last_message_at)
       select $1::uuid, ${id}, 'direct', $2::uuid, ${id}, case when n % 2 = 0 then $3::uuid end, 'x', 'x', 'open', now()
       from generate_series(1, ${PAST}) n`,
      [tenantId, accountId, memberId],
    );
  });
  await app.sql`vacuum analyze conversations`;
}

async function pagesOf(work: () => Promise<void>): Promise<{ pages: number; plans: Plan[] }> {
  await work(); // what is looked up once a connection
  tap.take();
  await work();
  const plans = tap.take();
  return { pages: sum(plans.map(({ root }) => buffersOf(root))), plans };
}

it('what is measured costs as much after years as on the first day', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount('evolution');
  await app.sql`update accounts set state = 'connected'`;
  const backlog = new BacklogService(new Metrics(), worker, app.clock);
  const census = new CensusService(new Metrics(), worker, platform);
  const work = async () => {
    await backlog.measure();
    await census.measure();
  };
  const before = await pagesOf(work);
  await fill(tenant.id, account.id);
  const after = await pagesOf(work);
  expect(after.plans.length).toBeGreaterThan(9);
  expect(faultsOf(after.plans, { sorted: 100, thrownAway: 200 })).toEqual([]);
  expect(after.pages).toBeLessThan(before.pages + 60);
});

it('what is shared by rules is found beside all that was answered, and nothing is locked for nothing', async () => {
  const { tenant } = await app.newTenant();
  const [account, agent] = [await tenant.newAccount('evolution'), await tenant.newMember('agent')];
  const { id } = await tenant.newConversation();
  await fillWithAnswered(tenant.id, { accountId: account.id, memberId: agent.id });
  await app.sql`update tenants set auto_assign = 'round_robin', free_when_away = true where id = ${tenant.id}`;
  const connect = (onClose: () => void) => createPool(tap.url, 'parley_app', { max: 1, onClose });
  const tenants = new SteadyPool({ connect, max: 1 });
  const redis = createRedis(redisUrl());
  const db = new TenantDb(tenants, new RealtimeBus(redis));
  const assignment = new AssignmentService(db, new MembersService(db), platform);
  const idle = await pagesOf(() => assignment.turn());
  expect(faultsOf(idle.plans, { buffers: 30, sorted: 10, thrownAway: 10 })).toEqual([]);
  expect(idle.plans.filter(({ text }) => text.includes('for no key update'))).toEqual([]);
  await app.sql`update conversations set waiting_since = now() where id = ${id}`;
  tap.take();
  await assignment.turn();
  expect(faultsOf(tap.take(), { sorted: 10, thrownAway: 10 })).toEqual([]);
  expect(await app.sql`select assignee_id from conversations where id = ${id}`).toEqual([{ assignee_id: agent.id }]);
  await tenants.close();
  redis.disconnect();
});
