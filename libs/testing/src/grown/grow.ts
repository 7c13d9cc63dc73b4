import type { ReservedSql, Sql } from 'postgres';
import { castOf } from './cast';
import { PAST } from './past';
import { TRACES } from './traces';

/** How large an install is made. Messages come in tens: 10,000 is the least. */
export interface InstallSize {
  messages: number;
  conversations: number;
  tenants: number;
  /** Tenants with `largeConversations` each. */
  large: number;
  largeConversations: number;
  /** Messages of one conversation of the first large tenant. */
  longest: number;
}

/** The usual proportions: 50 messages a conversation, 200 conversations a tenant, every two hundredth tenant fifty times as large. */
export function sizeOf(messages: number): InstallSize {
  const conversations = Math.ceil(messages / 50);
  const tenants = Math.max(2, Math.ceil(messages / 10_000));
  const large = Math.floor(tenants / 200);
  return { messages, conversations, tenants, large, largeConversations: 10_000, longest: large ? messages / 100 : 0 };
}

/** One tenant is the same in an install of any size: that many conversations of 50 messages each. */
export const PROBE_CONVERSATIONS = 100;

/**
 * Fills a migrated, empty database with two years of an install of that size: the rows that the product itself would have
 * left, in plausible proportion, messages in the order of their time, so that those of one conversation lie far apart.
 * The same size gives the same rows, apart from the moment they end at. Needs a superuser, and the database to itself.
 */
export async function growInstall(
  owner: Sql,
  size: InstallSize,
  tell: (step: string, ms: number) => void = () => {},
): Promise<void> {
  const sql = await owner.reserve();
  const step = async (name: string, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    tell(name, Math.round(performance.now() - started));
  };
  try {
    await prepare(sql, size);
    const tables = await writtenTables(sql);
    await sql.unsafe(SLEEPING_INDEXES, [tables]);
    for (const [name, text] of [...castOf(endsAt()), ...PAST, ...TRACES]) await step(name, () => sql.unsafe(text));
    await step('indexes', () => wakeIndexes(sql, tables));
    await sql`drop schema grown cascade`;
    await step('vacuum', () => sql.unsafe(`vacuum (freeze, analyze) ${tables.join(', ')}`));
  } finally {
    await sql.unsafe('reset all').catch(() => {});
    sql.release();
  }
}

/** Full minutes: runs of one minute are the same to the byte. */
function endsAt(): number {
  return Math.floor(Date.now() / 60_000) * 60_000;
}

/** Foreign keys hold by construction; `findDangling` makes sure of it. */
async function prepare(sql: ReservedSql, size: InstallSize): Promise<void> {
  for (const setting of SETTINGS) await sql.unsafe(`set ${setting}`);
  await sql.unsafe('create schema grown');
  const facts = { ...size, probe: PROBE_CONVERSATIONS, rounds: 10 };
  await sql.unsafe(
    `create table grown.size as select * from jsonb_to_record($1::text::jsonb) as
    s(messages bigint, conversations int, tenants int, large int, "largeConversations" int, longest int, probe int, rounds int)`,
    [JSON.stringify(facts)],
  );
}

const SETTINGS = [
  'session_replication_role = replica',
  "work_mem = '512MB'",
  "maintenance_work_mem = '1GB'",
  'enable_mergejoin = off', // a hash join keeps the order of what it probes with
  'max_parallel_workers_per_gather = 0',
  'statement_timeout = 0',
  'synchronous_commit = off',
];

/** Leaves of the partitioned one included. */
async function writtenTables(sql: ReservedSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`select c.oid::regclass::text name from pg_class c
    where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'parts'::regnamespace)`;
  return rows.map((row) => row.name);
}

/** Postgres neither maintains nor reads an index that is not ready; it is when it was built anew. */
const SLEEPING_INDEXES = `update pg_index set indisready = false, indisvalid = false where indrelid = any($1::regclass[])`;

async function wakeIndexes(sql: ReservedSql, tables: string[]): Promise<void> {
  for (const table of tables) await sql.unsafe(`reindex table ${table}`);
  const [left] = await sql<{ n: number }[]>`select count(*)::int n from pg_index where not (indisready and indisvalid)`;
  if (left?.n) throw new Error(`${left.n} indexes were not built again`);
}

/** Foreign keys with rows that point nowhere: empty, or the grown install is not one that the product could have left. */
export async function findDangling(owner: Sql): Promise<string[]> {
  const keys = await owner<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text "table", conname "name", pg_get_constraintdef(oid) definition from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace`;
  const broken: string[] = [];
  for (const { table, name, definition } of keys) {
    const again = `alter table ${table} add constraint checked ${definition}`;
    const check = owner.begin(async (tx) => {
      await tx.unsafe(again);
      await tx.unsafe(`alter table ${table} drop constraint checked`);
    });
    await check.catch((error: unknown) => broken.push(`${table} ${name}: ${String(error)}`));
  }
  return broken;
}
