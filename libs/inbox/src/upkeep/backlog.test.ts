import { randomUUID } from 'node:crypto';
import { createPool } from '@parley/db/pools';
import { deliveryRank } from '@parley/db/delivery-rank';
import { Metrics } from '@parley/platform/metrics';
import { SteadyPool, steadyPool } from '@parley/platform/steady-pool';
import { startApp, type TestApp } from '@parley/testing/app';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BacklogService } from './backlog.service';
import { CensusService } from './census.service';

const HOUR_MS = 3_600_000;

let app: TestApp;
let worker: SteadyPool;
let platform: SteadyPool;
beforeAll(async () => {
  app = await startApp({});
  const connect = (onClose: () => void) => createPool(app.env.DATABASE_URL, 'parley_worker', { max: 1, onClose });
  worker = new SteadyPool({ connect, max: 2 });
  platform = steadyPool(app.env.DATABASE_URL, 'parley_platform', { max: 1 });
});
afterAll(async () => {
  await worker?.close();
  await platform?.close();
  await app?.close();
});

async function read(metric: { get(): Promise<{ values: { labels: object; value: number }[] }> }) {
  const { values } = await metric.get();
  return (labels: Record<string, string | number> = {}) =>
    values.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
}

const arrivalOf = (ageS: number) => `${BigInt(Math.floor(Date.now() / 1000) - ageS) * 1_000_000n * 2048n}`;

it('tells what waits, since when, what is dead, and what is open, of all tenants', async () => {
  for (const age of [60, 600]) {
    const { tenant } = await app.newTenant();
    const account = await tenant.newAccount();
    await tenant.newConversation({ accountId: account.id });
    await tenant.newConversation({ accountId: account.id, status: 'resolved' });
    await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, dead, due_at) values
      (${tenant.id}, now(), ${randomUUID()}, ${account.id}, ${age % 64}, ${arrivalOf(age)}, null, null),
      (${tenant.id}, now(), ${randomUUID()}, ${account.id}, ${age % 64}, ${arrivalOf(7000)}, null, now() + interval '1 hour'),
      (${tenant.id}, now(), ${randomUUID()}, ${account.id}, ${age % 64}, 1, 'unreadable', null)`;
  }
  const metrics = new Metrics();
  const backlog = new BacklogService(metrics, worker, app.clock);
  await backlog.measure();
  await new CensusService(metrics, worker, platform).measure();
  expect((await read(metrics.queueBacklog))({ queue: 'webhooks' })).toBe(4);
  expect((await read(metrics.deadItems))()).toBe(2);
  expect((await read(metrics.activeThreads))()).toBe(2);
  const oldest = (await read(metrics.queueOldest))({ queue: 'webhooks' });
  expect(oldest).toBeGreaterThan(599); // an echo that waits for its attempt is not late
  expect(oldest).toBeLessThan(700);
});

it('tells for how long a lane does not get on, and forgets it once it does', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount();
  await app.sql`delete from pending`;
  const key = randomUUID();
  await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival) values
    (${tenant.id}, now(), ${key}, ${account.id}, 7, ${arrivalOf(2)}), (${tenant.id}, now(), ${randomUUID()}, ${account.id}, 7, ${arrivalOf(1)})`;
  const metrics = new Metrics();
  const backlog = new BacklogService(metrics, worker, app.clock);
  const blocked = async () => {
    await backlog.measure();
    return (await read(metrics.laneBlocked))({ lane: 7 });
  };
  expect(await blocked()).toBe(0);
  const stuck = await waitFor('the lane to be seen stuck', async () => ((await blocked()) ?? 0) > 0.05 && blocked());
  await app.sql`delete from pending where key = ${key}`;
  expect(await blocked()).toBeLessThan(stuck);
  await app.sql`delete from pending`;
  expect(await blocked()).toBeUndefined();
});

it('tells of sends: how many wait, the longest overdue, and those that nobody knows of', async () => {
  const { tenant } = await app.newTenant();
  const account = await tenant.newAccount();
  const now = app.clock.now();
  const { queued, unknown, sent } = deliveryRank;
  const rows: [number, boolean, number][] = [
    [queued, true, now - 90_000],
    [queued, true, now + 90_000], // its turn is not now
    [queued, false, now - 500_000], // behind another
    [unknown, true, now + 1000],
    [unknown, false, now - HOUR_MS],
    [unknown, false, now - 25 * HOUR_MS], // of yesterday
    [sent, false, now - HOUR_MS],
  ];
  for (const [status, head, dueMs] of rows) {
    const conversation = await tenant.newConversation({ accountId: account.id });
    const { id } = await tenant.newMessage(conversation, { direction: 'outbound', text: 'x' });
    const { tenantId, id: conversationId, chatId } = conversation;
    await app.sql`insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, status, head, place, due_at, expires_at)
      values (${tenantId}, ${id}, ${account.id}, ${chatId}, ${conversationId}, ${id}, ${status}, ${head}, 1, ${new Date(dueMs)}, now())`;
  }
  const metrics = new Metrics();
  await new BacklogService(metrics, worker, app.clock).measure();
  expect((await read(metrics.queueBacklog))({ queue: 'deliveries' })).toBe(3);
  const overdue = (await read(metrics.sendOverdue))();
  expect(overdue).toBeGreaterThanOrEqual(90);
  expect(overdue).toBeLessThan(400); // and not the one's behind another
  const left = await read(metrics.sendsUnknown);
  expect([left({ state: 'asked' }), left({ state: 'left' })]).toEqual([1, 1]);
});
