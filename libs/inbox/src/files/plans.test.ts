import { createPool, type Pool } from '@parley/db/pools';
import { startApp, type TestApp } from '@parley/testing/app';
import { faultsOf, printPlan } from '@parley/testing/plans/plan';
import { startPlanTap, type PlanTap } from '@parley/testing/plans/plan-tap';
import type { TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimFiles } from './files.queries';

const FLOOD = 20_000;
const LIMITS = { buffers: 150, thrownAway: 10 };
const [PER_TENANT, PER_ACCOUNT] = [3, 2];

let app: TestApp;
let tap: PlanTap;
let pool: Pool;
beforeAll(async () => {
  app = await startApp({});
  tap = await startPlanTap(app.env.DATABASE_URL);
  pool = createPool(tap.url, 'parley_worker', { max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await tap?.close();
  await app?.close();
});

/** Files of a new account of that tenant, due since an hour, the later ones last. Answers the account's id. */
async function wait({ tenant }: { tenant: TestTenant }, count: number): Promise<string> {
  const { id } = await tenant.newAccount('evolution');
  await app.sql`insert into attachments (tenant_id, id, account_id, kind, handle, due_at, expires_at)
    select ${tenant.id}, gen_random_uuid(), ${id}, 'image', '{}', now() - interval '1 hour' + n * interval '1 ms', now() + interval '1 day'
    from generate_series(1, ${count}::int) n`;
  return id;
}

const claim = (running: { tenantId: string; accountId: string }[]) => {
  const [nowMs, most] = [Date.now(), 6];
  const wanted = { nowMs, lostMs: nowMs + 60_000, most, running, perTenant: PER_TENANT, perAccount: PER_ACCOUNT };
  return claimFiles(pool, wanted);
};

it('claims files beside a flood of them without reading it', async () => {
  const [flooded, other] = [await app.newTenant(), await app.newTenant()];
  const many = await wait(flooded, FLOOD);
  const [few, others] = [await wait(flooded, 5), await wait(other, 5)];
  await app.sql`vacuum analyze attachments`; // as autovacuum does within a minute
  tap.take();
  const counts = (claims: { accountId: string }[]) =>
    [many, few, others].map((id) => claims.filter(({ accountId }) => accountId === id).length);
  const first = await claim([]);
  expect(counts(first)).toEqual([2, 1, 2]);
  const second = await claim(first);
  expect(counts(second)).toEqual([0, 0, 0]);
  expect(counts(await claim(first.filter(({ accountId }) => accountId !== many)))).toEqual([2, 0, 0]);
  const plans = tap.take().filter(({ text }) => text.includes('attachments'));
  expect(plans).toHaveLength(3);
  expect(plans.flatMap((plan) => faultsOf([plan], LIMITS).map((fault) => `${fault}\n${printPlan(plan)}`))).toEqual([]);
});
