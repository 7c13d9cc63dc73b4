import { createPool, type Pool, type PoolOptions, type Role } from '@parley/db/pools';
import type { Answer, Sql } from '@parley/db/sql';
import type { ReservedSql } from 'postgres';
import { within } from './deadline';
import { run, seeTenants } from './statements';
import { codeOf, isRetryable } from './sql-state';

/** Past every timeout of the roles: no answer will come. */
const DEADLINE_MS = 7000;
const MOST_TRIES = 5;

/** The road to Postgres broke, or it did not answer in time. Whether it committed is not known. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/** Nothing says that the connection is gone, and nothing comes: so it is. */
class Silence extends ConnectionLost {}

/** One connection, given up for good once it is lost. */
interface Line {
  pool: Pool;
  /** Bound to that one connection: what it still has to send is never sent on another. */
  sql: ReservedSql;
  isLost: boolean;
  /** Transactions that it has begun. */
  begun: number;
  /** Rejected when it is, for whoever works with it now. */
  loss: PromiseWithResolvers<never>;
}

/** What a statement is given: its text, its parameters, how it is sent. */
export type Call = Parameters<Sql['unsafe']>;

/** What a transaction speaks through; `values` gives rows as lists, in the order of their columns. */
export interface SteadySql extends Sql {
  values(...call: Call): Promise<unknown[][]>;
}

/** How a transaction begins, and what lets its statements see rows; without `scope` one of them does so itself. */
export interface Opening {
  begin: 'begin' | 'begin isolation level repeatable read read only';
  scope?: (sql: Sql) => Promise<unknown>;
}

/** Sends COMMIT, behind statements whose answers may still be on their way: if one of them fails, nothing is committed. */
export type Commit = () => Promise<unknown>;

export interface SteadyOptions {
  /** A pool of one connection, that tells when it is closed. */
  connect: (onClose: () => void) => Pool;
  max: number;
  /** Errors of `work` after which the whole transaction is tried again, besides those that Postgres asks for. */
  alsoRetry?: (error: unknown) => boolean;
  /** Its statements outside of transactions may be done twice: one whose connection is lost is done again on another. */
  repeats?: boolean;
  /** Hears every failure, for the metrics. */
  failed?: (error: unknown) => void;
}

/**
 * Connections that outlive Postgres. Of postgres.js 3.4.9, when a connection is lost: what a pool had queued goes out on the
 * next one, so a part of a transaction may be committed alone; what a reserved connection had queued is never answered;
 * `sql.begin` still rolls back, on a socket that is gone, and that ends the process. So a connection is reserved for life,
 * serves one transaction at a time, is not used once it closed, and nobody waits for it then.
 */
export class SteadyPool {
  private readonly idle: Line[] = [];
  private readonly waiting: ((line: Line | null) => void)[] = [];
  private count = 0;
  private closing = false;

  constructor(private readonly options: SteadyOptions) {}

  /** Statements outside of a transaction. */
  async query<T>(work: (sql: SteadySql) => Promise<T>): Promise<T> {
    const ask = () => this.onLine((line) => work(guarded(line).sql));
    try {
      return await ask();
    } catch (error) {
      if (!this.options.repeats || isAnswer(error) || error instanceof Silence) throw error;
      return ask();
    }
  }

  /** A transaction that sees these tenants. Runs again when Postgres asks for it: `work` does nothing but statements. */
  transaction<T>(
    tenantIds: Iterable<string>,
    work: (sql: SteadySql, commit: Commit) => Promise<T>,
    options: { mostTries?: number } = {},
  ): Promise<T> {
    const tenants = [...tenantIds];
    return this.begin({ begin: 'begin', scope: (sql) => seeTenants(sql, tenants) }, work, options);
  }

  /** The same with another beginning, and for `work` that sends its COMMIT itself, with its last statements. */
  async begin<T>(
    opening: Opening,
    work: (sql: SteadySql, commit: Commit) => Promise<T>,
    { mostTries = MOST_TRIES }: { mostTries?: number } = {},
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.onLine((line) => transact(line, opening, work));
      } catch (error) {
        const again = isRetryable(error) || this.options.alsoRetry?.(error);
        if (tries >= mostTries || !again) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** tries));
      }
    }
  }

  /** Waits for nothing: what runs is cut. */
  async close(): Promise<void> {
    this.closing = true;
    const ended = this.idle.splice(0).map((line) => {
      line.sql.release(); // a pool waits for what is reserved, until it is out of time
      return line.pool.end({ timeout: 2 });
    });
    await Promise.allSettled(ended);
  }

  private async onLine<T>(work: (line: Line) => Promise<T>): Promise<T> {
    const line = await this.take();
    try {
      return await inTime(Promise.race([work(line), lossOf(line)]));
    } catch (error) {
      if (!isAnswer(error)) {
        line.isLost = true;
        for (const other of this.idle.splice(0)) this.discard(other); // lost too, most often, and not known to be
      }
      this.options.failed?.(error);
      throw error;
    } finally {
      this.giveBack(line);
    }
  }

  private async take(): Promise<Line> {
    for (let line = this.idle.pop(); line; line = this.idle.pop()) {
      if (!line.isLost) return line;
      this.discard(line);
    }
    if (this.count < this.options.max) return this.newLine();
    return (await this.wait()) ?? this.newLine();
  }

  /** Null: there is room for a new one. Who asked has given up when the deadline is past: what nobody waits for is not done. */
  private async wait(): Promise<Line | null> {
    const turn = Promise.withResolvers<Line | null>();
    this.waiting.push(turn.resolve);
    try {
      return await inTime(turn.promise);
    } catch (error) {
      this.waiting.splice(this.waiting.indexOf(turn.resolve), 1);
      throw error;
    }
  }

  private giveBack(line: Line): void {
    if (line.isLost || this.closing) this.discard(line);
    const next = this.waiting.shift();
    if (next) next(line.isLost ? null : line);
    else if (!line.isLost && !this.closing) this.idle.push(line);
  }

  private async newLine(): Promise<Line> {
    this.count++;
    try {
      return await openLine(this.options.connect);
    } catch (error) {
      this.count--;
      this.waiting.shift()?.(null);
      this.options.failed?.(error);
      throw error;
    }
  }

  private discard(line: Line): void {
    line.isLost = true;
    this.count--;
    line.pool.end({ timeout: 0 }).catch(() => {}); // nobody waits for it
  }
}

/** Steady connections of one role. */
export function steadyPool(
  databaseUrl: string,
  role: Role,
  {
    max,
    alsoRetry,
    repeats,
    failed,
    ...options
  }: Omit<PoolOptions, 'onClose'> & Omit<SteadyOptions, 'connect' | 'max'>,
): SteadyPool {
  const connect = (onClose: () => void) => createPool(databaseUrl, role, { ...options, max: 1, onClose });
  const chosen = { ...(alsoRetry && { alsoRetry }), ...(repeats && { repeats }), ...(failed && { failed }) };
  return new SteadyPool({ connect, max, ...chosen });
}

/**
 * A transaction that nobody waits for any more is over, also where Postgres waits for a process that froze between two parts of
 * a statement: then no other timeout counts. Only known from Postgres 17 on.
 */
const OPEN = `select set_config('transaction_timeout', '${DEADLINE_MS}ms', false) where current_setting('server_version_num')::int >= 170000`;

async function openLine(connect: SteadyOptions['connect']): Promise<Line> {
  const state = { isLost: false, begun: 0, loss: Promise.withResolvers<never>() };
  const pool = connect(() => {
    state.isLost = true;
    state.loss.reject(lost());
  });
  try {
    // Reserving is answered by a connection that is open; what opens one must be a query.
    const opened = pool.unsafe(OPEN).then(() => pool.reserve());
    const sql = await inTime(Promise.race([opened, lossOf(state)]));
    return Object.assign(state, { pool, sql });
  } catch (error) {
    pool.end({ timeout: 0 }).catch(() => {}); // it never came to be
    throw error;
  }
}

/**
 * Rejects once it is lost. For one use: a promise that lives as long as the connection would keep every answer of it; so
 * would, until the next collection of the whole heap, a function that is put into the connection for each.
 */
function lossOf(line: Pick<Line, 'isLost' | 'loss'>): Promise<never> {
  line.loss = Promise.withResolvers();
  if (line.isLost) line.loss.reject(lost());
  return line.loss.promise;
}

const lost = () => new ConnectionLost('the connection to Postgres was lost');

async function transact<T>(
  line: Line,
  opening: Opening,
  work: (sql: SteadySql, commit: Commit) => Promise<T>,
): Promise<T> {
  const { sql, end, failure } = guarded(line);
  if (isDoubled(++line.begun)) run(sql, 'discard plans').catch(() => {}); // if it fails, so does what follows, or it is of no matter
  // These go out with the first statement of `work`, which fails if they do.
  for (const one of [run(sql, opening.begin), opening.scope?.(sql)]) one?.catch(() => {});
  let committed: Promise<void> | undefined;
  const commit = () => (committed ??= sendCommit(sql));
  try {
    const result = await work(sql, commit);
    await commit();
    end();
    return result;
  } catch (error) {
    end();
    if (isAnswer(error)) await run(guarded(line).sql, 'rollback');
    throw (isAftermath(error) && failure()) || error;
  }
}

class RolledBack extends Error {
  override name = 'RolledBack';
}

/** What a statement is answered that was sent behind one that failed. It may be heard first. */
function isAftermath(error: unknown): boolean {
  return error instanceof RolledBack || codeOf(error) === '25P02';
}

/**
 * Whether a connection has worked twice as much as when it planned last. A plan that was made on new tables may read all of
 * them, also those of Postgres for foreign keys, and stays until somebody analyses them: minutes, in which they fill.
 */
function isDoubled(count: number): boolean {
  return count > 1 && (count & (count - 1)) === 0;
}

/** Of a transaction in which a statement failed Postgres makes a ROLLBACK, and calls that no error. */
async function sendCommit(sql: Sql): Promise<void> {
  const { command } = await run(sql, 'commit');
  if (command !== 'COMMIT') throw new RolledBack('the transaction was rolled back');
}

/**
 * What statements are given: sends them in the order in which they are made, not in which they are waited for, or a COMMIT
 * could overtake. Refuses them once the connection is gone, or they would go out on a new one, alone; and after the `end`, or
 * a part of `work` that outlived another's failure would speak in the transaction of the next, who may be another tenant.
 * `failure` is the error of the first that failed.
 */
function guarded(line: Line): { sql: SteadySql; end: () => void; failure: () => unknown } {
  let ended = false;
  let first: unknown;
  const ask = <Rows extends unknown[]>([text, parameters, options]: Call, asLists = false) => {
    if (line.isLost) throw lost();
    if (ended) throw new Error('the transaction of this statement is over');
    const query = line.sql.unsafe<Rows>(text, parameters as never[], options); // it sends more than its type says
    if (asLists) void query.values();
    void query.execute();
    const answer = query.then(takenFrom<Rows>(query));
    answer.catch((error: unknown) => (first ??= error));
    return answer;
  };
  const sql: SteadySql = { unsafe: (...call) => ask(call), values: (...call) => ask(call, true) };
  return { sql, end: () => void (ended = true), failure: () => first };
}

/**
 * Takes the answer out of its query, and the parameters too. A query of postgres.js is a promise with a function as its
 * property, and V8 keeps such a one, with all it holds, until the next collection of the whole heap: what was read or written
 * would pile up for seconds, and be copied by every small collection until then.
 */
function takenFrom<Rows extends unknown[]>(query: object) {
  return (result: Answer<Rows>): Answer<Rows> => {
    Object.assign(query, { args: [], parameters: [] });
    return Object.assign(result.splice(0) as Rows, { count: result.count, command: result.command });
  };
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return within(DEADLINE_MS, work, () => new Silence('Postgres does not answer'));
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
