import path from 'node:path';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { Failure } from './console.mjs';
import { applyMigrations } from './migrations.mjs';
import { root } from './paths.mjs';

const missingDatabase = '3D000';
const lock = 7_274_539; // any number, as long as every migrator takes the same

/** Makes the database if the server does not have it, and brings it to the newest migration. Safe to run twice at once, and beside the product. */
export async function migrate(url, folder = path.join(root, 'drizzle')) {
  await ensureDatabase(url);
  const sql = connect(url);
  try {
    await sql`select pg_advisory_lock(${lock})`;
    await applyMigrations(sql, folder);
  } finally {
    await sql.end();
  }
}

async function ensureDatabase(url) {
  const sql = connect(url);
  try {
    await sql`select 1`;
  } catch (error) {
    if (!error.severity) throw new Failure(`The database of DATABASE_URL cannot be reached: ${error.message}`);
    if (error.code !== missingDatabase) throw new Failure(`The database of DATABASE_URL refuses us: ${error.message}`);
    await createDatabase(url);
  } finally {
    await sql.end();
  }
}

async function createDatabase(url) {
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const server = new URL(url);
  server.pathname = '/postgres';
  const sql = connect(server.href);
  try {
    await sql`create database ${sql(name)}`;
  } finally {
    await sql.end();
  }
}

function connect(url) {
  return postgres(url, { max: 1, onnotice() {} });
}

// In a container it runs by itself.
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL says which database to migrate: it is not set.');
  await migrate(process.env.DATABASE_URL, process.argv[2]);
}
