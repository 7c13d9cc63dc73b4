import type { AccountDoubt, AccountState, ProviderName } from '@parley/contracts/accounts';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import { columns, run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Sql } from '@parley/db/sql';
import type { Doubt } from './doubt';

/** Of one tenant and one stretch no more are read than this: at 60 sends a second the last five minutes. */
const MOST_SENDS = 20_000;

export interface DoubtedRow {
  tenantId: string;
  id: string;
  state: AccountState;
  doubt: AccountDoubt;
  sinceMs: number;
  /** Its last webhook, to the minute in which it is written. */
  heardMs: number | null;
}

export const DOUBTED = `select a.tenant_id "tenantId", a.id, a.state, a.doubt, (extract(epoch from a.doubt_at) * 1000)::float8 "sinceMs",
    (extract(epoch from h.last_at) * 1000)::float8 "heardMs"
  from accounts a left join lateral (select last_at from account_hours where tenant_id = a.tenant_id and account_id = a.id
    order by hour desc limit 1) h on true
  where a.doubt is not null`;

/** Attempts of a tenant that were made between these ids, the first included. */
export interface Stretch {
  tenantId: string;
  from: string;
  until: string;
}

export interface SendsRow {
  tenantId: string;
  id: string;
  provider: ProviderName;
  config: Record<string, unknown>;
  confirmedMs: number | null;
  unconfirmed: number;
  firstMs: number | null;
}

/**
 * What became of the messages that connected accounts sent: a provider's yes is no confirmation. Attempts sort by their
 * time, so a stretch of them is one walk along their key.
 */
const SENDS = `with r as materialized (select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) x(t, f, u)),
  s as materialized (
    select distinct n.tenant_id, n.id, n.started_at, d.account_id, d.status from r
    cross join lateral (select tenant_id, id, delivery_id, started_at from attempts
      where tenant_id = r.t and id >= r.f and id < r.u order by id desc limit ${MOST_SENDS}) n
    cross join lateral (select account_id, status, attempt_id, kind from deliveries
      where tenant_id = n.tenant_id and id = n.delivery_id offset 0) d
    where d.attempt_id = n.id and d.kind = 'message' and d.status in (${rank.accepted}, ${rank.sent}, ${rank.delivered}, ${rank.read})),
  l as materialized (
    select c.tenant_id, c.account_id, c.confirmed, a.provider, a.config, a.state_at from (
      select tenant_id, account_id, max(started_at) filter (where status > ${rank.accepted}) confirmed from s group by 1, 2) c
    cross join lateral (select provider, config, state, state_at from accounts
      where tenant_id = c.tenant_id and id = c.account_id offset 0) a
    where a.state = 'connected')
  select l.tenant_id "tenantId", l.account_id id, l.provider, l.config, (extract(epoch from l.confirmed) * 1000)::float8 "confirmedMs",
    count(s.id)::int unconfirmed, (extract(epoch from min(s.started_at)) * 1000)::float8 "firstMs"
  from l left join s on s.tenant_id = l.tenant_id and s.account_id = l.account_id and s.status = ${rank.accepted}
    and s.started_at <= $4::timestamptz and s.started_at >= l.state_at and (l.confirmed is null or s.started_at > l.confirmed)
  group by l.tenant_id, l.account_id, l.provider, l.config, l.confirmed`;

/** Sends that began after `settledMs` may still be confirmed in time. */
export function listSends(sql: Sql, stretches: Stretch[], settledMs: number): Promise<SendsRow[]> {
  const ranges = columns(
    stretches,
    (one) => one.tenantId,
    (one) => one.from,
    (one) => one.until,
  );
  return run(sql, SENDS, [...ranges, new Date(settledMs).toISOString()]);
}

/** Unless somebody else said something else of it since. Answers whether it changed. */
export async function changeDoubt(
  tx: TenantTx,
  id: string,
  { before, after }: { before: Doubt | null; after: Doubt | null },
): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `update accounts set doubt = $3::text, doubt_at = to_timestamp($4::float8 / 1000)
     where tenant_id = $1 and id = $2 and doubt is not distinct from $5::text and ($3::text is null or state = 'connected') returning id`,
    [tx.tenantId, id, after?.kind ?? null, after?.sinceMs ?? null, before?.kind ?? null],
  );
  return rows.length > 0;
}
