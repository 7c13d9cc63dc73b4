import { Redis } from 'ioredis';
import postgres from 'postgres';
import type { Services } from '../case';
import type { Running } from '../subject';
import { cpuMsOf, cpuMsOfFamily, rssOf } from './process-stat';

/** What a stretch of time cost, all processes of a pipeline together and each by itself. */
export interface Costs {
  seconds: number;
  cpuMs: { api: number; worker: number; postgres: number; redis: number };
  walBytes: number;
  /** Statements that Postgres ran for it, BEGIN and COMMIT counted; by role of the product. */
  statements: number;
  statementsByRole: Record<string, number>;
  /** Transactions that took lanes: batches of the worker. */
  drains: number;
  /** Redis' own count, those that scripts call included. */
  redisCommands: number;
  rssBytes: { api: number; worker: number };
}

/** Starts to count; the function it gives ends that. */
export async function startCounting(services: Services, subject: Running): Promise<() => Promise<Costs>> {
  const sql = postgres(services.postgres.url, { max: 1, onnotice() {} });
  const redis = new Redis(services.redis.url);
  const before = await look(services, subject, sql, redis);
  return async () => {
    const after = await look(services, subject, sql, redis);
    await sql.end();
    redis.disconnect();
    return {
      ...difference(before, after),
      rssBytes: { api: rssOf(subject.pids.api ?? 0), worker: rssOf(subject.pids.worker ?? 0) },
    };
  };
}

/** What the subject's database ran most, with its mean time; the whole life of the database. */
export async function topStatements({ postgres: { url } }: Services, subject: Running): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice() {} });
  const rows = await sql<{ calls: number; ms: number; total: number; rows: number; role: string; text: string }[]>`
    select calls::float8, mean_exec_time ms, total_exec_time total, rows::float8, rolname "role",
      left(regexp_replace(query, '\\s+', ' ', 'g'), 110) text
    from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where toplevel and dbid = (select oid from pg_database where datname = ${subject.sql.options.database})
    order by total desc limit 40`;
  await sql.end();
  return rows.map(
    (row) =>
      `${row.total.toFixed(0).padStart(7)} ms ${String(row.calls).padStart(7)} × ${row.ms.toFixed(3)} ms, ${(row.rows / row.calls).toFixed(1)} rows  ${row.role.replace('parley_', '')}: ${row.text}`,
  );
}

type Look = Awaited<ReturnType<typeof look>>;

async function look(services: Services, subject: Running, sql: postgres.Sql, redis: Redis) {
  const [cpuMs, statements, wal, redisCommands] = await Promise.all([
    cpuOf(services, subject),
    statementsOf(subject, sql),
    sql<{ bytes: number }[]>`select (pg_current_wal_insert_lsn() - '0/0')::float8 bytes`,
    commandsOf(redis),
  ]);
  return { at: performance.now(), cpuMs, statements, walBytes: wal[0]?.bytes ?? 0, redisCommands };
}

function cpuOf({ postgres, redis }: Services, { pids }: Running) {
  return {
    api: cpuMsOf(pids.api ?? 0),
    worker: cpuMsOf(pids.worker ?? 0),
    postgres: cpuMsOfFamily(postgres.pid()),
    redis: cpuMsOf(redis.pid()),
  };
}

interface Statements {
  role: string;
  calls: number;
  drains: number;
}

/** The subject's own: what counts and what sets up works as the owner, on other databases or before. */
async function statementsOf(subject: Running, sql: postgres.Sql): Promise<Statements[]> {
  const database = subject.sql.options.database;
  return sql<Statements[]>`
    select rolname "role", sum(calls)::float8 calls,
      coalesce(sum(calls) filter (where query ~ 'pg_(try_)?advisory_xact_lock'), 0)::float8 drains
    from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where toplevel and dbid = (select oid from pg_database where datname = ${database}) group by 1`;
}

async function commandsOf(redis: Redis): Promise<number> {
  const stats = await redis.info('commandstats');
  const all = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return all.reduce((sum, [, name, calls]) => (name === 'info' ? sum : sum + Number(calls)), 0);
}

function difference(before: Look, after: Look): Omit<Costs, 'rssBytes'> {
  const earlier = new Map(before.statements.map((one) => [one.role, one]));
  const roles = after.statements.map(({ role, calls, drains }) => ({
    role,
    calls: calls - (earlier.get(role)?.calls ?? 0),
    drains: drains - (earlier.get(role)?.drains ?? 0),
  }));
  const { api, worker, postgres, redis } = after.cpuMs;
  const was = before.cpuMs;
  return {
    seconds: (after.at - before.at) / 1000,
    cpuMs: {
      api: api - was.api,
      worker: worker - was.worker,
      postgres: postgres - was.postgres,
      redis: redis - was.redis,
    },
    walBytes: after.walBytes - before.walBytes,
    statements: roles.reduce((sum, { calls }) => sum + calls, 0),
    statementsByRole: Object.fromEntries(roles.map(({ role, calls }) => [role, calls])),
    drains: roles.reduce((sum, { drains }) => sum + drains, 0),
    redisCommands: after.redisCommands - before.redisCommands,
  };
}
