import { waitFor } from '@parley/testing/wait-for';
import type { Sql } from 'postgres';
import type { Scene } from '../case';

/** Age of the oldest webhook that waits to be applied, ms; echoes that are put off wait for nobody. */
export async function oldestPendingMs(sql: Sql): Promise<number> {
  const [row] = await sql<{ ms: number | null }[]>`
    select (extract(epoch from now()) * 1e3 - min(arrival) / 2048 / 1e3)::float8 ms
    from pending where dead is null and due_at is null`;
  return Math.max(0, row?.ms ?? 0);
}

/** The longest that a webhook had waited to be applied, while the fault lasted; ms. */
export function longestWaitMs({ load, marks }: Scene): number {
  const meanwhile = load.backlog.samples.filter(({ at }) => at >= marks.injectedAt && at <= marks.clearedAt);
  return Math.max(0, ...meanwhile.map(({ oldestMs }) => oldestMs ?? 0));
}

/** Resolves, with the time it took (ms), once everything that was kept by now is applied. */
export async function untilApplied(sql: Sql): Promise<number> {
  const started = performance.now();
  const [row] = await sql<{ now: string }[]>`select ((extract(epoch from now()) * 1e6)::bigint * 2048)::text now`;
  await waitFor('what was kept to be applied', () => isApplied(sql, row?.now ?? '0'), { timeoutMs: 60_000 });
  return performance.now() - started;
}

async function isApplied(sql: Sql, until: string): Promise<boolean> {
  return !(await sql`select from pending where dead is null and due_at is null and arrival < ${until}::bigint limit 1`)
    .length;
}

/** Rows that nobody will apply any more, of what was kept since then (epoch ms): a fleet may have others from cases before. */
export async function deadRows(sql: Sql, since: number): Promise<number> {
  const from = String(BigInt(Math.floor(since)) * 1000n * 2048n);
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int n from pending where dead is not null and arrival >= ${from}::bigint`;
  return row?.n ?? 0;
}
