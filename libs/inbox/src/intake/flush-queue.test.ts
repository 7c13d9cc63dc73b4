import { randomUUID } from 'node:crypto';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlushQueue, IntakeBusy } from './flush-queue';
import type { Arrival } from './intake.queries';

let app: TestApp;
let pool: SteadyPool;
let loud: TestAccount;
let quiet: TestAccount;
beforeAll(async () => {
  app = await startApp({});
  pool = steadyPool(app.env.DATABASE_URL, 'parley_intake', { max: 1 });
  const { tenant } = await app.newTenant();
  [loud, quiet] = [await tenant.newAccount(), await tenant.newAccount()];
});
afterAll(async () => {
  await pool?.close();
  await app?.close();
});

const arrivals = ({ tenantId, id }: TestAccount, count: number): Arrival[] =>
  Array.from({ length: count }, () => ({
    tenantId,
    accountId: id,
    lane: 1,
    key: randomUUID(),
    chat: null,
    correlationId: 'test',
    body: Buffer.from('{}'),
  }));

const kept = async ({ id }: TestAccount) => (await app.sql`select from pending where account_id = ${id}`).length;

/** While Postgres takes nothing. */
async function held(work: () => Promise<void>): Promise<void> {
  await app.sql.begin(async (tx) => {
    await tx`lock table webhooks in share mode`;
    await work();
  });
}

it('refuses who fills it first: another is still taken, and all that was taken is kept', async () => {
  const queue = new FlushQueue(pool, () => {});
  const taken: Promise<void>[] = [];
  await held(async () => {
    taken.push(queue.keep(arrivals(loud, 1)));
    const waits = () => app.sql`select from pg_locks where relation = 'webhooks'::regclass and not granted`;
    await waitFor('a flush to be held', async () => (await waits()).length > 0);
    taken.push(queue.keep(arrivals(loud, 1001)));
    await expect(queue.keep(arrivals(loud, 1))).rejects.toThrow(IntakeBusy);
    expect(queue.full).toBe(false);
    for (let i = 0; i < 5; i++) taken.push(queue.keep(arrivals(quiet, 100)));
    taken.push(queue.keep(arrivals(quiet, 400)));
    await expect(queue.keep(arrivals(quiet, 1))).rejects.toThrow(IntakeBusy); // it fills what is left
  });
  await Promise.all(taken);
  expect([await kept(loud), await kept(quiet)]).toEqual([1002, 900]);
  await queue.keep(arrivals(loud, 1));
});

it('goes on after whoever hears of a flush has failed', async () => {
  const flushes: number[] = [];
  const queue = new FlushQueue(pool, (flush) => {
    flushes.push(flush.arrivals.length);
    throw new Error('the bell is broken');
  });
  await queue.keep(arrivals(quiet, 1));
  await waitFor('the flush to be told', () => flushes.length === 1);
  await queue.keep(arrivals(quiet, 2));
  await waitFor('the next to be told', () => flushes.length === 2);
});
