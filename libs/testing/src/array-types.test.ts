import { createPool } from '@parley/db/pools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from './database';

let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  database = await cloneDatabase();
  pool = createPool(database.url, 'parley_app', { max: 1 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const id = '01a1fef2-dde0-7787-aa1d-e6e5470f5465';

it.each([
  ['text[]', ['plain', '', 'with "quotes", {braces} and \\slashes', 'línea\nnueva 🎈', 'NULL', null]],
  ['uuid[]', [id, null, id]],
  ['int8[]', [0, -1, 1_772_615_722_000_000, null]],
  ['int4[]', [1, null, 2]],
  ['smallint[]', [7]],
  ['float8[]', [0.5, -1e21, null]],
  ['text[]', []],
])('sends and reads %s', async (type, list) => {
  const [row] = await pool.unsafe(`select $1::${type} list`, [list as never], { prepare: true });
  expect(row?.list).toEqual(list);
});

it.each([
  ['boolean[]', '{t,f,NULL}', [true, false, null]],
  ['timestamptz[]', '{2026-03-04T09:15:22.031Z}', [new Date('2026-03-04T09:15:22.031Z')]],
  ['bytea[]', '{"\\\\x005c22ff"}', [Buffer.from([0, 92, 34, 255])]],
])('reads %s', async (type, literal, list) => {
  const [row] = await pool.unsafe(`select $1::text::${type} list`, [literal], { prepare: true });
  expect(row?.list).toEqual(list);
});

it('sends a list that was written by hand as it is', async () => {
  const [row] = await pool.unsafe('select $1::text[] list', ['{a,"b c"}'], { prepare: true });
  expect(row?.list).toEqual(['a', 'b c']);
});
