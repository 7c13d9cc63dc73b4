import { randomUUID } from 'node:crypto';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { waitFor } from '@parley/testing/wait-for';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlushQueue } from './flush-queue';
import type { Arrival } from './intake.queries';

let app: TestApp;
let pool: SteadyPool;
let account: TestAccount;
beforeAll(async () => {
  app = await startApp({});
  pool = steadyPool(app.env.DATABASE_URL, 'parley_intake', { max: 1 });
  const { tenant } = await app.newTenant();
  account = await tenant.newAccount();
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

it('goes on after whoever hears of a flush has failed', async () => {
  const flushes: number[] = [];
  const queue = new FlushQueue(pool, (flush) => {
    flushes.push(flush.arrivals.length);
    throw new Error('the bell is broken');
  });
  await queue.keep(arrivals(account, 1));
  await waitFor('the flush to be told', () => flushes.length === 1);
  await queue.keep(arrivals(account, 2));
  await waitFor('the next to be told', () => flushes.length === 2);
});
