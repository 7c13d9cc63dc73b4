import type { Pool } from '@parley/db/pools';
import type { TransactionSql } from 'postgres';
import { run, seeTenants } from './statements';
import { codeOf, isRetryable } from './tenant-db';

/** Past every timeout of the roles: no answer will come. */
const DEADLINE_MS = 7000;
const MOST_TRIES = 5;

/** The road to Postgres broke, or it did not answer in time. Whether it committed is not known. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** One connection, given up for good once it is lost. */
interface Line {
  pool: Pool;
  lost: boolean;
}

export interface SteadyOptions {
  /** A pool of one connection, that tells when it is closed. */
  connect: (onClose: () => void) => Pool;
  max: number;
  /** Errors of `work` after which the whole transaction is tried again, besides those that Postgres asks for. */
  alsoRetry?: (error: unknown) => boolean;
}

/**
 * Connections that outlive Postgres. postgres.js 3.4.9 writes to a connection that is gone: with `begin`, which then still
 * rolls back, that ends the process, and what it had not sent yet spoils the next connection (its connection.js, `closed`
 * leaves `chunk` and `nextWriteTimer`). So each is used by one transaction at a time, never after it closed, and not again.
 */
export class SteadyPool {
  private readonly idle: Line[] = [];
  private readonly waiting: ((line: Line) => void)[] = [];
  private count = 0;
  private closing = false;

  constructor(private readonly options: SteadyOptions) {}

  /** Statements outside of a transaction. */
  query<T>(work: (sql: TransactionSql) => Promise<T>): Promise<T> {
    return this.onLine((line) => work(guarded(line)));
  }

  /** A transaction that sees these tenants. Runs again when Postgres asks for it: `work` does nothing but statements. */
  async transaction<T>(tenantIds: Iterable<string>, work: (sql: TransactionSql) => Promise<T>): Promise<T> {
    const tenants = [...tenantIds];
    for (let tries = 1; ; tries++) {
      try {
        return await this.onLine((line) => transact(line, tenants, work));
      } catch (error) {
        const again = isRetryable(error) || this.options.alsoRetry?.(error);
        if (tries >= MOST_TRIES || !again) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
      }
    }
  }

  /** Waits for nothing: what runs is cut. */
  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled(this.idle.splice(0).map((line) => line.pool.end({ timeout: 2 })));
  }

  private async onLine<T>(work: (line: Line) => Promise<T>): Promise<T> {
    const line = await this.take();
    try {
      return await inTime(work(line));
    } catch (error) {
      if (!isAnswer(error)) line.lost = true;
      throw error;
    } finally {
      this.giveBack(line);
    }
  }

  private take(): Promise<Line> | Line {
    for (let line = this.idle.pop(); line; line = this.idle.pop()) {
      if (!line.lost) return line;
      this.discard(line);
    }
    if (this.count < this.options.max) return this.newLine();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(line: Line): void {
    if (line.lost || this.closing) this.discard(line);
    const next = this.waiting.shift();
    if (next) next(line.lost ? this.newLine() : line);
    else if (!line.lost && !this.closing) this.idle.push(line);
  }

  private newLine(): Line {
    this.count++;
    const line: Line = { pool: this.options.connect(() => (line.lost = true)), lost: false };
    return line;
  }

  private discard(line: Line): void {
    line.lost = true;
    this.count--;
    line.pool.end({ timeout: 0 }).catch(() => {}); // nobody waits for it
  }
}

async function transact<T>(line: Line, tenants: string[], work: (sql: TransactionSql) => Promise<T>): Promise<T> {
  const sql = guarded(line);
  // These go out with the first statement of `work`, which fails if they do.
  const opening = [run(sql, 'begin'), seeTenants(sql, tenants)];
  for (const one of opening) one.catch(() => {});
  try {
    const result = await work(sql);
    await run(sql, 'commit');
    return result;
  } catch (error) {
    if (isAnswer(error)) await run(sql, 'rollback');
    throw error;
  }
}

/** What statements are given: refuses them once the connection is gone, or they would go out on a new one, alone. */
function guarded(line: Line): TransactionSql {
  const unsafe: Pool['unsafe'] = (text, parameters, options) => {
    if (line.lost) throw new ConnectionLost('the connection to Postgres was lost');
    return line.pool.unsafe(text, parameters, options);
  };
  return { unsafe } as unknown as TransactionSql; // hand-written statements use nothing else
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new ConnectionLost('Postgres does not answer')), DEADLINE_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {}); // told by the race
  }
}

/** Five characters, a digit among them: `EPIPE` is none. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

/** Postgres itself said it, or our own code: the connection is whole. */
function isAnswer(error: unknown): boolean {
  if (error instanceof ConnectionLost) return false;
  const code = codeOf(error);
  return code === undefined || (SQLSTATE.test(code) && !/^(08|57P0)/.test(code));
}

/** The statement or its data are at fault, not the road to Postgres: the same again would fail again. */
export function isOurFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return !(error instanceof ConnectionLost);
  return /^(22|23|42)/.test(code);
}
