import { crashPoint } from '@parley/platform/crash-points';
import { columns, run } from '@parley/platform/statements';
import { ConnectionLost, type Commit, type SteadyPool } from '@parley/platform/steady-pool';
import type { ProviderName } from '@parley/contracts/accounts';
import { LOCK_HEADS, NUMBER_EVENTS, prepareEvents, type StoredEvent } from '@parley/platform/events';
import { codeOf } from '@parley/platform/sql-state';
import type { Sql } from '@parley/db/sql';
import { applyBatch, type Dead } from './apply';
import type { Env } from '@parley/platform/env';
import type { Metrics } from '@parley/platform/metrics';
import { lanePool } from './lane-pool';
import { groupBy, Retry, uniqueBy, type Outcome } from './batch';
import {
  BURY_PENDING,
  FORGIVE_LANES,
  listProviders,
  listRows,
  MARK_LANES,
  READ_KEYS,
  READ_LANES,
  TAKE_LANES,
  UNMARK_LANES,
  type PendingRow,
} from './lanes.queries';
import { readRow, type Told } from './told';

/** Rows of one transaction, shared evenly among its lanes. */
const BATCH = 200;
const LEAST_A_LANE = 10;
/** A row this old may have killed a worker: one that waited for a worker to start, which takes two seconds, is not. µs. */
const OLD_US = 3e6;
/** A row of which its worker died this often, alone, is dead. */
const DEATHS = 3;
/** Who kills workers as they start would kill every row that is tried then: one that a worker died of waits for a worker that lives. */
const SETTLED_S = 5;
/** A row that ran out of time this often, alone, is dead too. */
const STALLS = 5;

export interface Published {
  events: Map<string, StoredEvent[]>;
  ephemeral: Outcome['ephemeral'];
  nameless: Outcome['nameless'];
  ring: string[];
  delayed: boolean;
  /** Its transaction: when it began, on the monotonic clock, and when it was committed. */
  beganMs: number;
  endedMs: number;
  /** For the metrics: each applied row, and each customer's message. */
  applied: AppliedRow[];
  received: { tenantId: string; provider: ProviderName }[];
}

export interface AppliedRow {
  tenantId: string;
  accountId: string;
  provider: ProviderName;
  correlationId: string;
  /** When it was received, and how long before its transaction began. */
  receivedMs: number;
  ageS: number;
}

/** Lanes that a drain could not finish: held by another worker, or with more rows. */
export interface Rest {
  busy: number[];
  more: number[];
}

/** What all drains of a process have in common. */
export interface DrainParts {
  /** Of accounts that were met; it never changes. */
  providers: Map<string, ProviderName>;
  publish(published: Published): void;
  died(row: Dead): void;
}

/** A transaction that ends when `commit` is called. */
interface Open {
  sql: Sql;
  commit: Commit;
}

interface Only {
  keys?: string[];
  solo?: boolean;
  /** It cannot be applied: its place says so. */
  fatal?: boolean;
}

/**
 * Drains lanes over one connection of its own: whatever happens to it, no statement of a transaction can slip onto
 * another. `marks` is a second connection, for what must be committed while the lanes are held.
 */
export class Drain {
  private readonly sql: SteadyPool;
  private readonly marks: SteadyPool;
  /** Lanes whose mark could not be taken back, because Postgres was away: their worker lives. */
  private readonly survived = new Set<number>();
  /** Rows that ran out of time alone, and how often. */
  private readonly stalls = new Map<string, number>();

  constructor(
    private readonly parts: DrainParts,
    env: Env,
    metrics: Metrics,
  ) {
    this.sql = lanePool(env, 'drain', metrics);
    this.marks = lanePool(env, 'marks', metrics);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.sql.close(), this.marks.close()]);
  }

  /** One transaction over all of these lanes that are free. Throws when Postgres is away. */
  async run(lanes: number[]): Promise<Rest> {
    const limit = Math.max(LEAST_A_LANE, Math.ceil(BATCH / lanes.length));
    for (let tries = 1; ; tries++) {
      try {
        const { rest, suspects } = await this.transaction(lanes, limit);
        for (const lane of suspects) {
          await this.transaction([lane], 1, { solo: true });
          rest.more.push(lane);
        }
        return rest;
      } catch (error) {
        if (isOfData(error) || isTooSlow(error)) {
          await this.splitUp(lanes, limit);
          return { busy: [], more: lanes };
        }
        if (tries >= 5) throw error;
        if (tries === 2 && (await this.byTenant(lanes, limit))) return { busy: [], more: lanes };
        await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** tries));
      }
    }
  }

  private async transaction(
    lanes: number[],
    limit: number,
    only: Only = {},
  ): Promise<{ rest: Rest; suspects: number[] }> {
    const held: number[] = [];
    const beganMs = performance.now();
    try {
      const { result, published } = await this.sql.begin(
        { begin: 'begin' }, // the rows that are read say whose tenants they are
        (sql, commit) => this.work({ sql, commit }, lanes, limit, only, held),
        { mostTries: 1 },
      );
      if (published) {
        crashPoint('worker.W5');
        this.parts.publish({ ...published, beganMs, endedMs: performance.now() });
        crashPoint('worker.W6', 'sent');
      }
      if (published?.delayed) await this.forgive(held);
      return result;
    } catch (error) {
      await this.unmark(held); // we live: it was not this batch that kills workers
      throw error;
    }
  }

  private async work({ sql, commit }: Open, lanes: number[], limit: number, only: Only, held: number[]) {
    const taking = run<{ lanes: string }>(sql, TAKE_LANES, [lanes]);
    crashPoint('worker.W1', taking);
    const [[take], rows] = await Promise.all([
      taking,
      only.keys ? run<PendingRow>(sql, READ_KEYS, [limit, only.keys]) : run<PendingRow>(sql, READ_LANES, [limit]),
    ]);
    const mine = numbersIn(take?.lanes);
    const byLane = [...groupBy(rows, (row) => String(row.lane)).values()];
    const isSuspect = (own: PendingRow[]) =>
      !only.keys && !only.solo && own.some((row) => row.suspect && !this.survived.has(row.lane));
    const isTooEarly = ([row]: PendingRow[]) => row !== undefined && row.deaths > 0 && process.uptime() < SETTLED_S;
    const suspects = byLane
      .filter((own) => isSuspect(own) && !isTooEarly(own)) // the sweeper comes back to those
      .flatMap(([row]) => (row ? [row.lane] : []));
    const todo = byLane.filter((own) => !isSuspect(own));
    const full = todo.filter((own) => own.length >= limit && !only.solo).flatMap(([row]) => (row ? [row.lane] : []));
    const more = [...new Set([...numbersIn(rows[0]?.cut), ...full])];
    const result = { rest: { busy: lanes.filter((lane) => !mine.has(lane)), more }, suspects };
    if (!todo.length) return { result, published: null };
    crashPoint('worker.W2');
    const fatal = only.keys ? new Set(only.fatal ? only.keys : []) : await this.mark(todo, only.solo === true, held);
    const batch = await this.read(sql, todo.flat(), fatal);
    const outcome = await applyBatch(sql, batch);
    crashPoint('worker.W3');
    crashPoint('worker.W4', 'sent');
    const events = await finish({ sql, commit }, outcome, batch.nowUs);
    return { result, published: { ...outcome, events, ...this.counted(batch.rows, outcome) } };
  }

  /** Says, where others see it, what is about to be tried, if some of it is old. Answers the rows that killed their workers. */
  private async mark(todo: PendingRow[][], solo: boolean, held: number[]): Promise<Set<string>> {
    const old = todo.flatMap((own) => {
      const [first, last] = [own[0], own.at(-1)];
      return first && last && (first.suspect || first.age_us > OLD_US) ? [{ first, last }] : [];
    });
    if (!old.length) return new Set();
    held.push(...old.map(({ first }) => first.lane));
    const marks = columns(
      old,
      (o) => o.first.lane,
      (o) => o.first.key,
      (o) => o.last.arrival,
      () => solo,
    );
    const rows = await this.marks.query((sql) => run<{ lane: number; tries: number }>(sql, MARK_LANES, marks));
    const fatal = new Set<string>();
    for (const { lane, tries } of rows) {
      const row = old.find((o) => o.first.lane === lane)?.first;
      if (row && tries > DEATHS && !this.survived.has(lane)) fatal.add(row.key);
      this.survived.delete(lane);
    }
    return fatal;
  }

  private async unmark(lanes: number[]): Promise<void> {
    if (!lanes.length) return;
    for (const lane of lanes) this.survived.add(lane);
    try {
      await this.marks.query((sql) => run(sql, UNMARK_LANES, [lanes]));
      for (const lane of lanes) this.survived.delete(lane);
    } catch {
      // Postgres is away: remembered, and taken back with the next mark.
    }
  }

  /** A row that waits for something stays in the queue though nobody died of it: the next try is a first one. */
  private async forgive(lanes: number[]): Promise<void> {
    if (!lanes.length) return;
    await this.marks.query((sql) => run(sql, FORGIVE_LANES, [lanes])).catch(() => {}); // then the row goes alone once more
  }

  private async read(sql: Sql, rows: PendingRow[], fatal: Set<string>) {
    await this.learnProviders(sql, rows);
    const told: Told[] = [];
    const dead: Dead[] = [];
    for (const row of rows) {
      const provider = this.parts.providers.get(row.account_id);
      if (!provider) continue; // its tenant is gone: the row leaves the queue
      try {
        if (fatal.has(row.key)) throw new Error('it could not be applied, alone and again');
        told.push(...readRow(row, provider));
      } catch (error) {
        const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unreadable';
        dead.push({ ...row, why: why.replaceAll('\0', '').slice(0, 500).toWellFormed() });
        if (row.chat) told.push(unreadable(row, row.chat));
      }
    }
    for (const row of dead) this.parts.died(row);
    return { rows, told, dead, nowUs: Number(rows[0]?.now_us ?? 0) };
  }

  private counted(rows: PendingRow[], outcome: Outcome): Pick<Published, 'applied' | 'received'> {
    return {
      applied: rows.flatMap((row) => {
        const provider = this.parts.providers.get(row.account_id);
        return provider ? [appliedRow(row, provider)] : [];
      }),
      received: outcome.events.flatMap(({ tenantId, event }) => {
        if (event.type !== 'message.created' || event.message.direction !== 'inbound') return [];
        const provider = this.parts.providers.get(event.conversation.accountId);
        return provider ? [{ tenantId, provider }] : [];
      }),
    };
  }

  private async learnProviders(sql: Sql, rows: PendingRow[]): Promise<void> {
    const unknown = uniqueBy(
      rows.filter((row) => !this.parts.providers.has(row.account_id)),
      (row) => row.account_id,
    );
    if (!unknown.length) return;
    const found = await listProviders(
      sql,
      unknown.map((row) => ({ tenantId: row.tenant_id, accountId: row.account_id })),
    );
    for (const { id, provider } of found) this.parts.providers.set(id, provider);
  }

  /** A second deadlock in a row: tenants apart, so that fewer locks meet. */
  private async byTenant(lanes: number[], limit: number): Promise<boolean> {
    const tenants = [...groupBy(await this.rows(lanes, limit), (row) => row.tenant_id).values()];
    if (tenants.length < 2) return false;
    for (const rows of tenants) await this.transaction(lanes, limit, { keys: rows.map((row) => row.key) });
    return true;
  }

  /** A batch failed for its data, or was too slow: apart by lane, tenant, chat, row. The row that fails alone is dead. */
  private async splitUp(lanes: number[], limit: number): Promise<void> {
    const rows = await this.rows(lanes, limit);
    if (rows.length === 1)
      await this.tryApart(rows); // more may have come, or it was another's fault
    else await this.bisect(rows);
  }

  private rows(lanes: number[], limit: number) {
    return this.sql.query((sql) => listRows(sql, lanes, limit));
  }

  private async bisect(rows: Apart[]): Promise<void> {
    for (const cut of cuts) {
      const parts = groupBy(rows, cut);
      if (parts.size < 2) continue;
      for (const part of parts.values()) {
        await this.tryApart(part);
        crashPoint('worker.W7');
      }
      return;
    }
    const [alone] = rows;
    if (alone) await this.bury(alone);
  }

  private async tryApart(part: Apart[]): Promise<void> {
    const lanes = [...new Set(part.map((row) => row.lane))];
    try {
      await this.transaction(lanes, part.length, { keys: part.map((row) => row.key) });
    } catch (error) {
      const [alone] = part;
      if (isTooSlow(error) && alone && part.length === 1 && !this.isHopeless(alone)) throw error;
      if (!isOfData(error) && !isTooSlow(error)) throw error;
      await this.bisect(part);
    }
  }

  /** Postgres may be slow for everybody: only a row that ran out of time again and again, alone, is held to be the cause. */
  private isHopeless({ key }: Apart): boolean {
    const stalls = (this.stalls.get(key) ?? 0) + 1;
    this.stalls.set(key, stalls);
    if (stalls < STALLS) return false;
    this.stalls.delete(key);
    return true;
  }

  /** Leaves its mark in the thread, or with its account; where not even that can be written, in the queue alone. */
  private async bury(row: Apart): Promise<void> {
    try {
      await this.transaction([row.lane], 1, { keys: [row.key], fatal: true });
    } catch (error) {
      if (!isOfData(error) && !isTooSlow(error)) throw error;
      const dead = { ...row, why: 'refused by the database' };
      const keys = columns(
        [dead],
        (d) => d.tenant_id,
        (d) => d.received_on,
        (d) => d.key,
        (d) => d.why,
      );
      await this.sql.query((sql) => run(sql, BURY_PENDING, keys));
      this.parts.died(dead);
    }
  }
}

type Apart = Awaited<ReturnType<typeof listRows>>[number];
const cuts: ((row: Apart) => string)[] = [
  (row) => String(row.lane),
  (row) => row.tenant_id,
  (row) => `${row.account_id} ${row.chat}`,
  (row) => row.key,
];

/** Of Postgres's `{1,2}`. */
function numbersIn(array = '{}'): Set<number> {
  return new Set(array.slice(1, -1).split(',').filter(Boolean).map(Number));
}

function appliedRow(row: PendingRow, provider: ProviderName): AppliedRow {
  const { tenant_id: tenantId, account_id: accountId, correlation_id: correlationId } = row;
  const receivedMs = (Number(row.now_us) - Number(row.age_us)) / 1000;
  return { tenantId, accountId, provider, correlationId, receivedMs, ageS: Number(row.age_us) / 1e6 };
}

function unreadable(row: PendingRow, chat: string): Told {
  const { tenant_id: tenantId, account_id: accountId, correlation_id: correlationId } = row;
  return { tenantId, accountId, correlationId, row, event: { type: 'unreadable', chat } };
}

/** Last of all: the tenants' heads, the events, numbered in the order of commits, and the COMMIT, in one go. */
async function finish({ sql, commit }: Open, outcome: Outcome, nowUs: number): Promise<Map<string, StoredEvent[]>> {
  if (!outcome.events.length) {
    await Promise.all([outcome.written, commit()]);
    return new Map();
  }
  const prepared = prepareEvents(outcome.events, nowUs / 1000);
  const [, , rows] = await Promise.all([
    outcome.written,
    run(sql, LOCK_HEADS, [`{${prepared.tenants.join(',')}}`]),
    run<{ tenant_id: string; first: number }>(sql, NUMBER_EVENTS, prepared.parameters),
    commit(),
  ]);
  return prepared.numbered(new Map(rows.map((row) => [row.tenant_id, Number(row.first)])));
}

/** Data errors of Postgres (and its limits) and exceptions of our own count against a row; a lost connection or a deadlock does not. */
function isOfData(error: unknown): boolean {
  if (error instanceof Retry || error instanceof ConnectionLost) return false;
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && !('errno' in error);
  return /^(2[23]|54)/.test(code);
}

/** A statement took longer than its role may, or the transaction stood idle while we computed. */
function isTooSlow(error: unknown): boolean {
  return ['57014', '25P03'].includes(codeOf(error) ?? '');
}
