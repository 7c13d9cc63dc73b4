import { randomUUID } from 'node:crypto';
import { createPool, type Pool } from '@parley/db/pools';
import { Metrics } from '@parley/platform/metrics';
import { SteadyPool } from '@parley/platform/steady-pool';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BacklogService } from './backlog.service';

let app: TestApp;
let worker: SteadyPool;
let platform: Pool;
beforeAll(async () => {
  app = await startApp({});
  const connect = (onClose: () => void) => createPool(app.env.DATABASE_URL, 'parley_worker', { max: 1, onClose });
  worker = new SteadyPool({ connect, max: 2 });
  platform = createPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
});
afterAll(async () => {
  await worker?.close();
  await platform?.end();
  await app?.close();
});

it('tells what waits, since when, and what is open, of all tenants', async () => {
  for (const age of [60, 600]) {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    await tenant.newConversation({ accountId: account.id });
    await tenant.newConversation({ accountId: account.id, status: 'resolved' });
    const arrival = `${BigInt(Math.floor(Date.now() / 1000) - age) * 1_000_000n * 2048n}`;
    await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, dead) values
      (${tenant.id}, now(), ${randomUUID()}, ${account.id}, ${age % 64}, ${arrival}, null),
      (${tenant.id}, now(), ${randomUUID()}, ${account.id}, ${age % 64}, 1, 'unreadable')`;
  }
  const metrics = new Metrics();
  await new BacklogService(metrics, worker, platform).measure();
  const [backlog, oldest] = [await metrics.queueBacklog.get(), await metrics.queueOldest.get()];
  expect(backlog.values).toContainEqual({ labels: { queue: 'webhooks' }, value: 2 });
  expect((await metrics.deadItems.get()).values).toMatchObject([{ value: 2 }]);
  expect((await metrics.activeThreads.get()).values).toMatchObject([{ value: 2 }]);
  const age = oldest.values.find(({ labels }) => labels.queue === 'webhooks')?.value ?? 0;
  expect(age).toBeGreaterThan(599);
  expect(age).toBeLessThan(660);
});
