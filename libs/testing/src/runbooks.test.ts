import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from './database';

const folder = path.resolve(import.meta.dirname, '../../../docs/runbooks');
const blocks = readdirSync(folder).flatMap((page) => {
  const text = readFileSync(path.join(folder, page), 'utf8');
  return [...text.matchAll(/^ *```sql\n([\s\S]+?)^ *```/gm)].map(([, sql = '']) => [page, sql] as const);
});

let database: TestDatabase;
let sql: postgres.Sql;
beforeAll(async () => {
  database = await cloneDatabase();
  sql = postgres(database.url, { max: 1, onnotice() {} });
});
afterAll(async () => {
  await sql?.end();
  await database?.drop();
});

// Read at night, by somebody in a hurry: a query that has gone stale with the tables helps nobody.
test.each(blocks)('what %s tells to ask can be asked', async (_page, text) => {
  const undone = new Error('undone');
  await expect(
    sql.begin(async (tx) => {
      await tx.unsafe(text);
      throw undone;
    }),
  ).rejects.toBe(undone);
});

test('there are queries in the runbooks', () => {
  expect(blocks.length).toBeGreaterThan(10);
});
