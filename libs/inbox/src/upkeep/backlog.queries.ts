/** Nothing is counted further than this: a long queue must not be slowed by its being watched. */
const MOST_WAITING = 20_000;
const MOST_LEFT = 10_000;
const MOST_THREADS = 100_000;
/** Webhooks that make an hour a busy one: an account that brought so many is missed when it brings none. */
const BUSY = 20;
const MOST_BUSY = 10_000;

export const WAITING_WEBHOOKS = `select
    (select count(*)::int from (select from pending where dead is null limit ${MOST_WAITING}) p) waiting,
    (select count(*)::int from (select from pending where dead is not null limit ${MOST_WAITING}) p) dead`;

/** The first row of each lane that may be worked on; an echo that waits for its attempt is none. 64 index probes. */
export const FIRST_ROWS = `select l.lane, p.arrival::text,
    extract(epoch from now())::float8 - (p.arrival / 2048)::float8 / 1e6 age
  from lanes l cross join lateral (
    select arrival from pending where lane = l.lane and dead is null and (due_at is null or due_at <= now()) order by arrival limit 1) p`;

export const WAITING_SENDS = `select count(*) filter (where status = 0)::int heads, count(*) filter (where status = 1)::int active,
    (select count(*)::int from (select from deliveries where status = 0 and not head limit ${MOST_WAITING}) b) behind,
    extract(epoch from now() - min(created_at) filter (where status = 0))::float8 oldest
  from (select status, created_at from deliveries where head limit ${MOST_WAITING}) d`;

/** The longest that a head could have gone out already. One index probe an account that has some. */
export const OVERDUE = `with recursive r as (
    (select account_id, due_at from deliveries where head and status = 0 order by account_id, due_at limit 1)
    union all
    select n.account_id, n.due_at from r cross join lateral (
      select account_id, due_at from deliveries where head and status = 0 and account_id > r.account_id
      order by account_id, due_at limit 1) n)
  select greatest(0, extract(epoch from to_timestamp($1::float8 / 1000) - min(due_at)))::float8 overdue from r`;

/** Of the last day: what nobody decided by then is no news any more. */
export const UNKNOWN = `select count(*) filter (where head)::int asked, count(*) filter (where not head)::int "left"
  from (select head from deliveries where status = 2 and due_at > to_timestamp($1::float8 / 1000) - interval '24 hours'
    limit ${MOST_LEFT}) d`;

/** Of these tenants, each by its index. */
export const OPEN_THREADS = `select count(*)::int open from (
    select from unnest($1::uuid[]) t(id) cross join lateral (
      select from conversations where tenant_id = t.id and status = 'open' limit ${MOST_THREADS}) c limit ${MOST_THREADS}) o`;

/** One that is doubted counts as that, not as connected. */
export const ACCOUNTS_BY_STATE = `select provider, case when state = 'connected' then coalesce(doubt, state) else state end state,
    count(*)::int n from accounts group by 1, 2`;

/** Ids with news of a message that nobody brought yet: for longer than reordering explains, and not since days. */
export const STATUSES_WAITING = `select count(*)::int waiting from (
    select from externals where message_id is null and seen_at < now() - interval '1 hour' and seen_at > now() - interval '1 day'
    limit ${MOST_LEFT}) x`;

export interface SilentAccount {
  tenantId: string;
  id: string;
  provider: string;
  /** Its last webhook. */
  lastMs: number;
  /** Since its last webhook, s. */
  seconds: number;
}

/**
 * Connected accounts that brought nothing since the last full hour began, though that hour was busy a week ago. By the
 * same hour of the same weekday, or every night and every Sunday would be an alarm. The hours are worked out beforehand:
 * under row-level security a condition that reckons finds no index.
 */
export const SILENT = `with t as materialized (select since, since - interval '7 days' week_ago
    from (select date_trunc('hour', now(), 'UTC') - interval '1 hour' as since) s),
  w as materialized (select h.tenant_id, h.account_id from t join account_hours h on h.hour = t.week_ago
    where h.received >= ${BUSY} limit ${MOST_BUSY})
  select w.tenant_id "tenantId", a.id, a.provider, (extract(epoch from l.last_at) * 1000)::float8 "lastMs",
    extract(epoch from now() - l.last_at)::float8 seconds from w
  cross join lateral (select id, provider, state from accounts where tenant_id = w.tenant_id and id = w.account_id offset 0) a
  cross join lateral (select hour, last_at from account_hours where tenant_id = w.tenant_id and account_id = w.account_id
    order by hour desc limit 1) l
  where a.state = 'connected' and l.hour < (select since from t)`;
