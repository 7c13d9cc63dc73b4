import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPool } from '@parley/db/pools';
import { AppError } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../database';
import { startDoor, type Door } from '../rig/door';
import { waitFor } from '../wait-for';
import postgres from 'postgres';

let database: TestDatabase;
let proxy: Door;
let pool: SteadyPool;
let owner: postgres.Sql;

beforeAll(async () => {
  database = await cloneDatabase();
  owner = postgres(database.url, { max: 1, onnotice() {} });
  await owner`create table marks (run int not null, step int not null)`;
  await owner`grant insert, select, update on marks to parley_worker`;
  const url = new URL(database.url);
  proxy = await startDoor({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  const connect = (onClose: () => void) => createPool(url.href, 'parley_worker', { max: 1, onClose });
  pool = new SteadyPool({ connect, max: 3 });
});
afterAll(async () => {
  await pool?.close();
  await owner?.end();
  await proxy?.close();
  await database?.drop();
});

const answers = () => pool.query((sql) => run<{ one: number }>(sql, 'select 1 one')).then((rows) => rows[0]?.one === 1);

it('cut 40 times in the middle of transactions, writes each whole or not at all, and works again at once', async () => {
  let failed = 0;
  for (let i = 0; i < 40; i++) {
    const work = Array.from({ length: 3 }, (_, n) =>
      pool
        .transaction([], async (sql) => {
          await run(sql, 'insert into marks values ($1, 1)', [i * 3 + n]);
          await Promise.all([run(sql, 'insert into marks values ($1, 2)', [i * 3 + n]), run(sql, 'select 1')]);
          await run(sql, 'insert into marks values ($1, 3)', [i * 3 + n]);
        })
        .catch(() => failed++),
    );
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 6));
    proxy.shut();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
    proxy.open();
    await Promise.all(work);
    await waitFor('an answer', () => answers().catch(() => false), { timeoutMs: 5000 });
  }
  const torn = await owner`select run, count(*)::int n from marks group by 1 having count(*) <> 3`;
  expect([...torn]).toEqual([]);
  expect(failed).toBeGreaterThan(0);
}, 60_000);

it('does again on another connection what may be done twice, when its own is ended', async () => {
  const connect = (onClose: () => void) => createPool(database.url, 'parley_worker', { max: 1, onClose });
  const repeating = new SteadyPool({ connect, max: 3, repeats: true });
  const ask = (i: number) => repeating.query((sql) => run(sql, 'insert into marks values ($1, 1)', [100_000 + i]));
  for (let i = 0; i < 40; i += 4) {
    await Promise.all([ask(i), ask(i + 1), ask(i + 2)]);
    const ending = owner`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'parley_worker' and datname = current_database()`;
    await Promise.all([ask(i + 3), ending]);
  }
  expect(await owner`select count(distinct run)::int n from marks where run >= 100000`).toEqual([{ n: 40 }]);
  await owner`delete from marks where run >= 100000`;
  await expect(repeating.query((sql) => run(sql, 'select 1 / 0'))).rejects.toMatchObject({ code: '22012' });
  await repeating.close();
  await waitFor('the other pool to answer', () => answers().catch(() => false));
});

it('rolls back what our own code breaks off, and goes on with the same connection', async () => {
  const before = await owner`select count(*)::int n from marks`;
  await expect(
    pool.transaction([], async (sql) => {
      await run(sql, 'insert into marks values (9999, 1)');
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  await expect(pool.transaction([], (sql) => run(sql, 'select 1 / 0'))).rejects.toMatchObject({ code: '22012' });
  expect(await owner`select count(*)::int n from marks`).toEqual(before);
  expect(await answers()).toBe(true);
});

it('commits nothing when a statement fails whose answer was not there before the COMMIT was sent', async () => {
  const before = await owner`select count(*)::int n from marks`;
  const work = (run1: number, text: string) =>
    pool.begin({ begin: 'begin' }, async (sql, commit) => {
      await Promise.all([
        run(sql, 'insert into marks values ($1, 1)', [run1]),
        run(sql, text, [run1]),
        run(sql, 'insert into marks values ($1, 3)', [run1]),
        commit(),
      ]);
    });
  await expect(work(8888, 'insert into marks values ($1, 1 / 0)')).rejects.toMatchObject({ code: '22012' });
  expect(await owner`select count(*)::int n from marks`).toEqual(before);
  await work(8889, 'insert into marks values ($1, 2)');
  expect(await owner`select step from marks where run = 8889 order by 1`).toMatchObject([
    { step: 1 },
    { step: 2 },
    { step: 3 },
  ]);
});

it('calls it an error when Postgres makes a ROLLBACK of the COMMIT', async () => {
  const forgetful = pool.begin({ begin: 'begin' }, async (sql) => {
    await run(sql, 'insert into marks values (7777, 1)');
    await run(sql, 'select 1 / 0').catch(() => {}); // nobody may do this, and nobody may think it was kept
  });
  await expect(forgetful).rejects.toMatchObject({ code: '22012' }); // by what undid it
  expect(await owner`select count(*)::int n from marks where run = 7777`).toEqual([{ n: 0 }]);
  expect(await answers()).toBe(true);
});

// Every 404 of the API is one: its code is none of Postgres's.
it('keeps its connection when a transaction ends in an answer of ours', async () => {
  const connect = (onClose: () => void) => createPool(database.url, 'parley_worker', { max: 1, onClose });
  const one = new SteadyPool({ connect, max: 1 });
  const pid = () =>
    one.query((sql) => run<{ pid: number }>(sql, 'select pg_backend_pid() pid')).then((rows) => rows[0]?.pid);
  const before = await pid();
  const missing = one.transaction([], async (sql) => {
    await run(sql, 'select 1');
    throw new AppError('not_found', 'There is none.');
  });
  await expect(missing).rejects.toThrow('There is none.');
  expect(await pid()).toBe(before);
  await one.close();
});

it('lets nothing of a transaction that failed speak after it', async () => {
  let straggler: Promise<unknown> = Promise.resolve();
  const failing = pool.transaction([], (sql) => {
    const failed = run(sql, 'select 1 / 0');
    const late = async () => {
      await failed.catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      await run(sql, 'insert into marks values (6666, 1)');
    };
    straggler = late();
    straggler.catch(() => {}); // looked at below
    return failed;
  });
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  await expect(straggler).rejects.toThrow('is over');
  expect(await owner`select from marks where run = 6666`).toHaveLength(0);
  expect(await answers()).toBe(true);
});

it('does nothing for who has given up waiting', async () => {
  const connect = (onClose: () => void) => createPool(database.url, 'parley_worker', { max: 1, onClose });
  const one = new SteadyPool({ connect, max: 1 });
  const hold = Promise.withResolvers<void>();
  const holder = one.query(() => hold.promise);
  const asked = one.query((sql) => run(sql, 'insert into marks values (5555, 1)'));
  await expect(Promise.all([asked, holder])).rejects.toThrow('does not answer');
  await expect(asked).rejects.toThrow('does not answer');
  hold.resolve();
  await one.query((sql) => run(sql, 'select 1'));
  expect(await owner`select from marks where run = 5555`).toHaveLength(0);
  await one.close();
}, 30_000);

// Its kernel answers for it, so nobody notices. postgres.js asks for the types of a new statement before it sends the values;
// meanwhile Postgres waits as for a statement that runs, and neither of the timeouts for statements and idleness counts.
it('keeps nobody waiting for a process that froze in the middle of a transaction', async () => {
  await owner`insert into marks values (7777, 0)`;
  const frozen = pool.transaction([], async (sql) => {
    await run(sql, 'select from marks where run = 7777 for update');
    proxy.delay(600_000);
    await run(sql, 'select $1::int + 7777', [1]);
  });
  frozen.catch(() => {}); // it is given up, and cannot say so
  await waitFor('Postgres to wait for the values', async () => {
    const [row] = await owner`select from pg_stat_activity
      where datname = current_database() and query like '%7777%' and state = 'active' and wait_event = 'ClientRead'`;
    return row !== undefined;
  });
  proxy.blackhole();
  const isFree = async () => (await owner`select from marks where run = 7777 for update skip locked`).length > 0;
  await waitFor('the lock to be free', isFree);
  proxy.open();
});

it('leaves what was read and written to the small collections', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const text = 'x'.repeat(1_000);
  const pass = async () => {
    await pool.query((sql) => run(sql, 'select g, $1 || g "text" from generate_series(1, 1000) g', [text]));
    await pool.query((sql) => run(sql, 'select length($1)', [randomBytes(500_000).toString('hex')]));
    collect({ type: 'minor' });
  };
  for (let i = 0; i < 10; i++) await pass();
  collect();
  await pass(); // the last answer is still held
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 5; i++) await pass(); // too little for one of the whole heap
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(2); // 5 MB were read, and 5 written
});

it('keeps no answer of a connection that stays', async () => {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  const answer = async () => new WeakRef((await pool.query((sql) => run(sql, 'select 1 one')))[0] ?? {});
  const answers = await Promise.all(Array.from({ length: 100 }, answer));
  await waitFor('them to be gone', async () => {
    await new Promise(setImmediate);
    collect();
    return answers.filter((one) => one.deref()).length <= 5; // the last ones may still be somewhere on the way
  });
});
