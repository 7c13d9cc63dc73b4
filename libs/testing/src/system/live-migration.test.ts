import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../database';
import { waitFor } from '../wait-for';

const run = promisify(execFile);
const migrator = path.resolve(import.meta.dirname, '../../../../tools/database.mjs');

let database: TestDatabase;
let sql: postgres.Sql;
let count = 0;

beforeAll(async () => {
  database = await cloneDatabase();
  sql = postgres(database.url, { max: 4, onnotice() {} });
});
afterAll(async () => {
  await sql?.end({ timeout: 1 });
  await database?.drop();
});

/** Runs the product's migrator on a folder with this one migration, newer than all before. */
async function migrate(...statements: string[]): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parley-migration-'));
  const entry = { idx: 0, version: '7', when: Date.now() + 1e10 + count++, tag: 'next', breakpoints: true };
  await mkdir(path.join(folder, 'meta'));
  await writeFile(path.join(folder, 'next.sql'), statements.join(';\n--> statement-breakpoint\n'));
  await writeFile(path.join(folder, 'meta/_journal.json'), JSON.stringify({ version: '7', entries: [entry] }));
  try {
    await run(process.execPath, [migrator, folder], { env: { DATABASE_URL: database.url } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const hasColumn = async (name: string) =>
  (await sql`select from information_schema.columns where table_name = 'tenants' and column_name = ${name}`).length > 0;

it('nobody waits behind a migration that waits for a table', async () => {
  const report = await sql.reserve();
  await report`begin`;
  await report`select from tenants limit 1`;
  const migrated = migrate('alter table tenants add column motto text');
  await waitFor(
    'the migration to want the table',
    async () =>
      (
        await sql`select from pg_locks where not granted and relation = 'tenants'::regclass
          and database = (select oid from pg_database where datname = current_database())`
      ).length > 0,
  );
  const reader = await sql.reserve();
  await reader`set lock_timeout = '1s'`; // as our roles have it
  for (let i = 0; i < 20; i++) await reader`select from tenants limit 1`;
  reader.release();
  expect(await hasColumn('motto')).toBe(false);
  await report`commit`;
  report.release();
  await migrated;
  expect(await hasColumn('motto')).toBe(true);
});

it('fills what is there in batches, each committed by itself', async () => {
  await sql`create table filled (id int primary key, done boolean)`;
  await sql`insert into filled select n from generate_series(1, 2500) n`;
  await migrate(
    'alter table filled alter column done set default true',
    '-- batch\nupdate filled set done = true where id in (select id from filled where done is null limit 1000)',
    'create index concurrently if not exists filled_done on filled (done)',
  );
  const [row] = await sql`select count(*)::int rows, count(distinct xmin::text)::int commits from filled where done`;
  expect(row).toEqual({ rows: 2500, commits: 3 });
});

it('builds an index beside who writes for longer than it would wait for a lock', async () => {
  await sql`create table indexed (id int)`;
  const writer = await sql.reserve();
  await writer`begin`;
  await writer`insert into indexed values (1)`;
  let hasEnded = false;
  const migrated = migrate('-- batch\ncreate index concurrently indexed_id on indexed (id)');
  migrated.catch(() => {}).finally(() => (hasEnded = true));
  const isPatient = () => sql`select from pg_stat_activity where datname = current_database()
    and query like '%concurrently indexed_id%' and state = 'active' and pid <> pg_backend_pid() and query_start < now() - interval '0.5 s'`;
  await waitFor('the index to wait for longer', async () => hasEnded || (await isPatient()).length > 0);
  await writer`commit`;
  writer.release();
  await migrated;
  expect(await sql`select indisvalid valid from pg_index where indexrelid = 'indexed_id'::regclass`).toEqual([
    { valid: true },
  ]);
});

it('leaves nothing of a migration that fails, and says which statement it was', async () => {
  await expect(migrate('alter table tenants add column half text', 'select 1 / 0')).rejects.toThrow('division by zero');
  expect(await hasColumn('half')).toBe(false);
});
