import type { ProviderName } from '@parley/contracts/accounts';
import type { Sql } from '@parley/db/sql';

/** A pending row with its webhook. */
export interface PendingRow {
  tenant_id: string;
  received_on: string;
  key: string;
  account_id: string;
  lane: number;
  /** Larger than a double can count. */
  arrival: string;
  chat: string | null;
  correlation_id: string;
  /** Base64: two thirds of the digits that Postgres would write by itself. */
  body: string;
  /** Postgres's clock, µs. */
  now_us: number;
  /** Since it was received, µs. */
  age_us: number;
  /** Tried before by a worker that never said how it ended. */
  suspect: boolean;
  /** How many of those had it in hand alone. */
  deaths: number;
  /** Of the whole reading: lanes of which some was left for its bytes, as `{1,2}`. */
  cut: string;
}

/** Of webhooks in one transaction, however many they are; one is always read. */
export const BATCH_BYTES = 1 << 20;

/** Those of the wanted lanes that nobody else drains; the setting hands them to the next statement without a round trip. */
export const TAKE_LANES = `select set_config('app.lanes', coalesce(array_agg(l) filter (where got), '{}')::text, true) lanes
  from (select l, pg_try_advisory_xact_lock(7001, l) got from unnest($1::int[]) l) x`;

/**
 * Rows of the taken lanes, each lane by arrival, at most $1 a lane and so many bytes in all, the first of each lane before
 * the second of any; sets the tenants that later statements see.
 */
const readRows = (filter: string) => `with r as materialized (
    select x.* from unnest(current_setting('app.lanes')::int[]) l cross join lateral (
      select *, row_number() over (order by arrival) nth from pending
      where lane = l and dead is null and (due_at is null or due_at <= now()) ${filter} order by arrival limit $1) x),
  s as materialized (
    select r.*, w.correlation_id, w.body, sum(octet_length(w.body)) over (order by nth, arrival) - octet_length(w.body) before
    from r join webhooks w using (tenant_id, received_on, key))
  select s.tenant_id, s.received_on::text, s.key, s.account_id, s.lane, s.arrival::text, s.chat, s.correlation_id, encode(s.body, 'base64') body,
    t.now_us, t.now_us - s.arrival / 2048 age_us, s.arrival <= n.upto suspect, case when n.head = s.key then n.tries else 0 end deaths,
    (select coalesce(array_agg(distinct lane), '{}')::text from s where before >= ${BATCH_BYTES}) cut,
    (select set_config('app.tenant_ids', array_agg(distinct tenant_id)::text, true) from r) tenants
  from s join lanes n on n.lane = s.lane, (select (extract(epoch from now()) * 1e6)::bigint now_us) t
  where s.before < ${BATCH_BYTES} order by s.arrival`;
export const READ_LANES = readRows('');
/** The same for these keys only ($2). */
export const READ_KEYS = readRows('and key = any($2::uuid[])');

/** Says what is about to be tried; committed by another connection while the lane is held. */
export const MARK_LANES = `update lanes l set tries = case when l.head = u.head and u.solo then l.tries + 1 else 0 end, head = u.head,
    upto = greatest(l.upto, u.upto)
  from unnest($1::int[], $2::uuid[], $3::bigint[], $4::boolean[]) u(lane, head, upto, solo) where l.lane = u.lane returning l.lane, l.tries`;
/** Takes back the deaths that are counted, but not the care. */
export const FORGIVE_LANES = `update lanes set tries = 0, head = null where lane = any($1::int[])`;
export const UNMARK_LANES = `update lanes set upto = 0, tries = 0, head = null where lane = any($1::int[])`;

export const BURY_PENDING = `update pending q set dead = u.why from unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[]) u(t, d, k, why)
  where q.tenant_id = u.t and q.received_on = u.d and q.key = u.k`;
export const DELAY_PENDING = `update pending q set due_at = now() + interval '1 second' from unnest($1::uuid[], $2::date[], $3::uuid[]) u(t, d, k)
  where q.tenant_id = u.t and q.received_on = u.d and q.key = u.k`;

/** Lanes with rows older than half a second: their bell was lost. 64 index probes, whatever waits. */
export async function listForgottenLanes(sql: Sql): Promise<number[]> {
  const rows = await sql.unsafe<{ lane: number }[]>(
    `select lane from lanes l where exists (
       select from pending q where q.lane = l.lane and dead is null and (due_at is null or due_at <= now())
         and arrival < ((extract(epoch from now()) * 1e6)::bigint - 500000) * 2048)`,
    [],
    { prepare: true },
  );
  return rows.map((row) => row.lane);
}

export async function listProviders(sql: Sql, keys: { tenantId: string; accountId: string }[]) {
  return sql.unsafe<{ id: string; provider: ProviderName }[]>(
    `select a.id, a.provider from unnest($1::uuid[], $2::uuid[]) u(t, i) join accounts a on a.tenant_id = u.t and a.id = u.i`,
    [keys.map((k) => k.tenantId), keys.map((k) => k.accountId)],
    { prepare: true },
  );
}

/** The next rows of lanes whose batch failed, to be tried apart. */
export async function listRows(sql: Sql, lanes: number[], limit: number) {
  return sql.unsafe<Pick<PendingRow, 'tenant_id' | 'received_on' | 'key' | 'account_id' | 'lane' | 'chat'>[]>(
    `select tenant_id, received_on::text, key, account_id, lane, chat from unnest($1::int[]) l cross join lateral (
       select * from pending where lane = l and dead is null and (due_at is null or due_at <= now()) order by arrival limit $2) x`,
    [lanes, limit],
    { prepare: true },
  );
}
