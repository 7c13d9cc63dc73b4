import { randomUUID } from 'node:crypto';
import { run } from '@parley/platform/statements';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import type { TestAccount } from '@parley/testing/account';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { BATCH_BYTES, READ_LANES, TAKE_LANES, type PendingRow } from './lanes.queries';

/** Eight of these are as much as is read. */
const SIZE = BATCH_BYTES / 8;
let arrival = 0;
let app: TestApp;
let worker: SteadyPool;
let account: TestAccount;
beforeAll(async () => {
  app = await startApp({});
  worker = steadyPool(app.env.DATABASE_URL, 'parley_worker', { max: 1 });
  account = await (await app.newTenant()).tenant.newAccount();
});
beforeEach(() => app.sql`delete from pending`);
afterAll(async () => {
  await worker?.close();
  await app?.close();
});

async function keep(lane: number, sizes: number[]): Promise<void> {
  const { tenantId, id } = account;
  for (const size of sizes) {
    const key = randomUUID();
    await app.sql`insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
      values (${tenantId}, current_date, ${key}, ${id}, now(), 'test', ${Buffer.alloc(size, 'x')})`;
    await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival)
      values (${tenantId}, current_date, ${key}, ${id}, ${lane}, ${++arrival})`;
  }
}

/** Sizes of what one transaction reads of each lane, in order, and the lanes of which some was left for its bytes. */
function read(lanes: number[]) {
  return worker.begin({ begin: 'begin' }, async (sql) => {
    await run(sql, TAKE_LANES, [lanes]);
    const rows = await run<PendingRow>(sql, READ_LANES, [50]);
    const sizesOf = (lane: number) =>
      rows.filter((row) => row.lane === lane).map(({ body }) => Buffer.from(body, 'base64').length);
    return { sizes: lanes.map(sizesOf), cut: rows[0]?.cut };
  });
}

it('reads no more than a worker can hold: of each lane its first rows, of every lane some', async () => {
  await keep(1, Array<number>(12).fill(SIZE));
  await keep(2, [10, 20, 30]);
  await keep(3, Array<number>(4).fill(2 * SIZE));
  const { sizes, cut } = await read([1, 2, 3]);
  expect(sizes).toEqual([Array(3).fill(SIZE), [10, 20, 30], Array(3).fill(2 * SIZE)]); // one past the bound
  expect(cut).toBe('{1,3}');
});

it('reads one that is larger than that alone, and what comes with it in its turn', async () => {
  await keep(1, [BATCH_BYTES + 1, 10]);
  await keep(2, [10]);
  expect(await read([1, 2])).toEqual({ sizes: [[BATCH_BYTES + 1], []], cut: '{1,2}' });
  await app.sql`delete from pending where lane = 1`;
  expect(await read([1, 2])).toEqual({ sizes: [[], [10]], cut: '{}' });
});
