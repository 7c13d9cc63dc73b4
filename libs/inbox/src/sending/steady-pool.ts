import type { Pool } from '@parley/db/pools';
import { seeTenants } from '@parley/platform/statements';
import { codeOf, isRetryable } from '@parley/platform/tenant-db';
import type { TransactionSql } from 'postgres';
import { Retry } from '../lanes/batch';

/** Past every timeout of the role: a lost connection can leave a query unanswered for ever. */
const DEADLINE_MS = 7000;

/** Postgres did not answer in time; whether it committed is not known. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** Connections of the worker's role that come back by themselves. */
export class SteadyPool {
  private pool: Pool;

  constructor(private readonly renew: () => Pool) {
    this.pool = renew();
  }

  get sql(): Pool {
    return this.pool;
  }

  /** A transaction that sees these tenants. Runs again when Postgres asks for it: `work` does nothing but statements. */
  async transaction<T>(tenantIds: Iterable<string>, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
    const tenants = [...new Set(tenantIds)];
    for (let tries = 1; ; tries++) {
      try {
        return await this.answered(
          this.pool.begin(async (sql) => {
            const seen = seeTenants(sql, tenants); // goes out with the first statement of `work`, which fails if it does
            seen.catch(() => {});
            return work(sql);
          }) as Promise<T>,
        );
      } catch (error) {
        if (tries >= 5 || !(isRetryable(error) || error instanceof Retry)) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
      }
    }
  }

  /** Past the deadline the connections are given up, and new ones are made. */
  async answered<T>(query: Promise<T>): Promise<T> {
    const deadline = Promise.withResolvers<never>();
    const lost = this.pool;
    const timer = setTimeout(() => {
      if (this.pool === lost) this.pool = this.renew();
      lost.end({ timeout: 0 }).catch(() => {}); // it did not answer: nothing to wait for
      deadline.reject(new NoAnswer('Postgres does not answer'));
    }, DEADLINE_MS);
    try {
      return await Promise.race([query, deadline.promise]);
    } finally {
      clearTimeout(timer);
      query.catch(() => {}); // told by the race
    }
  }

  close(): Promise<void> {
    return this.pool.end({ timeout: 2 });
  }
}

/** The statement or its data are at fault, not the road to Postgres: the same again would fail again. */
export function isOurFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return !(error instanceof NoAnswer) && !(error instanceof Retry);
  return /^(22|23|42)/.test(code);
}
