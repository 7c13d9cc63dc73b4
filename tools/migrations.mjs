import { readMigrationFiles } from 'drizzle-orm/migrator';
import { setTimeout as delay } from 'node:timers/promises';

/** Whoever wants a table while we wait for it waits behind us: so long at most, then they go first and we try again. */
const lockTimeout = '200ms';
const patienceMs = 10 * 60_000;
/** No lock in time, a deadlock. */
const passing = new Set(['55P03', '40P01']);

/**
 * Applies what the folder has and the database has not, as drizzle writes and notes it, while the product runs. A migration
 * is one transaction, unless a statement of it begins with `-- batch`: that one is repeated until it touches no row, and
 * each statement stands alone (so it may say `concurrently`, and has to bear being run again).
 */
export async function applyMigrations(sql, folder) {
  await sql`create schema if not exists drizzle`;
  await sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`;
  const [{ newest }] = await sql`select coalesce(max(created_at), 0) newest from drizzle.__drizzle_migrations`;
  const all = readMigrationFiles({ migrationsFolder: folder });
  await waitAtMost(sql, lockTimeout);
  for (const migration of all.filter(({ folderMillis }) => folderMillis > Number(newest))) {
    if (migration.sql.some(isBatch)) await applyInSteps(sql, migration);
    else await patiently(() => sql.begin((tx) => applyAtOnce(tx, migration)));
  }
}

const isBatch = (statement) => /^\s*-- batch\b/.test(statement);

async function applyAtOnce(tx, migration) {
  for (const statement of migration.sql) await tx.unsafe(statement);
  await note(tx, migration);
}

async function applyInSteps(sql, migration) {
  for (const statement of migration.sql) {
    // Nobody waits behind what is made concurrently. It waits for all who read, and what it leaves half made is in its own way.
    await waitAtMost(sql, /\bconcurrently\b/i.test(statement) ? '0' : lockTimeout);
    const once = () => patiently(() => sql.unsafe(statement));
    await (isBatch(statement) ? inBatches(once) : once());
  }
  await waitAtMost(sql, lockTimeout);
  await note(sql, migration);
}

/** Until it touches no row. Half of the time is for those who work meanwhile. */
async function inBatches(once) {
  for (;;) {
    const began = performance.now();
    const { count } = await once();
    if (!count) return; // of an index, none is told
    await delay(performance.now() - began);
  }
}

const waitAtMost = (sql, time) => sql`select set_config('lock_timeout', ${time}, false)`;

const note = (sql, { hash, folderMillis }) =>
  sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`;

async function patiently(work) {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!passing.has(error.code) || performance.now() > until) throw error;
      await delay(100 + Math.random() * 400);
    }
  }
}
