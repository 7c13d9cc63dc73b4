import { createPool } from '@parley/db/pools';
import { Metrics } from '@parley/platform/metrics';
import { SteadyPool, steadyPool } from '@parley/platform/steady-pool';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CensusService } from './census.service';
import { TrafficService } from './traffic.service';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

let app: TestApp;
let worker: SteadyPool;
let platform: SteadyPool;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startApp({});
  const connect = (onClose: () => void) => createPool(app.env.DATABASE_URL, 'parley_worker', { max: 1, onClose });
  worker = new SteadyPool({ connect, max: 2 });
  platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
  ({ tenant } = await app.newTenant());
});
afterAll(async () => {
  await worker?.close();
  await platform?.close();
  await app?.close();
});

/** The last full hour's middle. */
const lastHour = () => (Math.floor(Date.now() / HOUR_MS) - 0.5) * HOUR_MS;

/** As if the account had brought so many webhooks then. */
async function hear(account: TestAccount, count: number, atMs: number): Promise<void> {
  const traffic = new TrafficService(worker);
  const row = { tenantId: tenant.id, accountId: account.id, receivedMs: atMs };
  traffic.heard(Array.from({ length: count }, () => row));
  await traffic.store();
}

async function connected(): Promise<TestAccount> {
  const account = await tenant.newAccount('evolution');
  await app.sql`update accounts set state = 'connected' where id = ${account.id}`;
  return account;
}

async function measured() {
  const metrics = new Metrics();
  await new CensusService(metrics, worker, platform).measure();
  const evolution = async (metric: 'accountsSilent' | 'accountSilence') =>
    (await metrics[metric].get()).values.find(({ labels }) => labels.provider === 'evolution')?.value ?? NaN;
  return {
    silent: await evolution('accountsSilent'),
    seconds: await evolution('accountSilence'),
    waiting: (await metrics.statusesWaiting.get()).values[0]?.value,
    text: await metrics.text(),
  };
}

it('hears an account fall silent that is busy at this hour, and that it speaks again', async () => {
  const [busy, quiet, lost, talking] = [await connected(), await connected(), await connected(), await connected()];
  for (const account of [busy, lost, talking]) await hear(account, 30, lastHour() - WEEK_MS);
  await hear(quiet, 3, lastHour() - WEEK_MS);
  await hear(busy, 1, lastHour() - 3 * HOUR_MS);
  await hear(talking, 1, lastHour());
  await app.sql`update accounts set state = 'disconnected' where id = ${lost.id}`; // that has an alarm of its own
  const before = await measured();
  expect(before.silent).toBe(1);
  expect(before.seconds).toBeGreaterThan((3 * HOUR_MS) / 1000);
  expect(before.text).not.toContain(busy.id);
  await hear(busy, 1, Date.now());
  expect(await measured()).toMatchObject({ silent: 0, seconds: 0 });
});

it('adds up what workers heard in an hour, in one row', async () => {
  const account = await connected();
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  await Promise.all([hear(account, 20, hour + 1000), hear(account, 5, hour + 500), hear(account, 1, hour - 1)]);
  const rows =
    await app.sql`select received, last_at from account_hours where account_id = ${account.id} order by hour`;
  expect([...rows]).toEqual([
    { received: 1, last_at: new Date(hour - 1) },
    { received: 25, last_at: new Date(hour + 1000) },
  ]);
});

it('counts ids that wait for their message for over an hour, and not for days', async () => {
  const account = await tenant.newAccount('evolution');
  for (const age of ['30 minutes', '2 hours', '20 hours', '3 days'])
    await app.sql`insert into externals (tenant_id, account_id, external_id, status, seen_at)
      values (${tenant.id}, ${account.id}, ${age}, 3, now() - ${age}::interval)`;
  expect((await measured()).waiting).toBe(2);
});
