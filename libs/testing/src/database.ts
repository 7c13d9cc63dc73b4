import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { serverUrl } from './services';

export interface TestDatabase {
  /** The owner's address, as `DATABASE_URL` has it. */
  url: string;
  /** Removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/** A database of one's own, migrated and empty. Takes about 50 ms: it is a copy of a template made once a run. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(async (sql) => {
    const template = await templateDatabase(sql);
    await sql`create database ${sql(name)} template ${sql(template)}`;
  });
  return {
    url: serverUrl(name),
    drop: () => onServer(async (sql) => void (await sql`drop database if exists ${sql(name)} with (force)`)),
  };
}

const root = path.resolve(import.meta.dirname, '../../..');
const migrations = path.join(root, 'drizzle');
const templateLock = 7_274_540;

/** The migrated database that the others are copies of; test files in other processes wait until it is whole. */
async function templateDatabase(sql: postgres.Sql): Promise<string> {
  const name = `parley_template_${hashOf(migrations)}`;
  await sql`select pg_advisory_lock(${templateLock})`;
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!found) await buildTemplate(sql, name);
  } finally {
    await sql`select pg_advisory_unlock(${templateLock})`;
  }
  return name;
}

/** As an install is migrated. Gets its name last, so that an interrupted build is never taken for a finished one. */
async function buildTemplate(sql: postgres.Sql, name: string) {
  const draft = `${name}_draft`;
  await sql`drop database if exists ${sql(draft)} with (force)`;
  await sql`create database ${sql(draft)}`;
  const env = { PATH: process.env.PATH, DATABASE_URL: serverUrl(draft) };
  await promisify(execFile)(process.execPath, [path.join(root, 'tools/database.mjs')], { env });
  await sql`alter database ${sql(draft)} rename to ${sql(name)}`;
}

/** Of every migration's name and text: an edited one makes a new template. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  for (const name of files.sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

async function onServer<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(serverUrl('postgres'), { max: 1, onnotice() {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
