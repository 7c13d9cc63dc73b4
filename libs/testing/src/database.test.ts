import postgres from 'postgres';
import { expect, it } from 'vitest';
import { cloneDatabase } from './database';
import { serverUrl } from './services';

it('gives each caller a migrated database of its own, also at once', async () => {
  const databases = await Promise.all([cloneDatabase(), cloneDatabase(), cloneDatabase()]);
  const tables = await Promise.all(databases.map(({ url }) => listTables(url)));
  expect(tables[0]).toContain('conversations');
  expect(tables[1]).toEqual(tables[0]);
  expect(tables[2]).toEqual(tables[0]);
  await Promise.all(databases.map((database) => database.drop()));
});

it('removes a database that somebody still uses', async () => {
  const database = await cloneDatabase();
  const sql = postgres(database.url, { max: 1, onnotice() {} });
  await sql`select 1`;
  await database.drop();
  expect(await databaseNames()).not.toContain(new URL(database.url).pathname.slice(1));
  await sql.end({ timeout: 0 });
});

async function listTables(url: string) {
  return query<string>(url, `select tablename as value from pg_tables where schemaname = 'public' order by 1`);
}

async function databaseNames() {
  return query<string>(serverUrl('postgres'), 'select datname as value from pg_database');
}

async function query<T>(url: string, text: string): Promise<T[]> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  try {
    const rows = await sql.unsafe<{ value: T }[]>(text);
    return rows.map((row) => row.value);
  } finally {
    await sql.end();
  }
}
