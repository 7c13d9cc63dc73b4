import type { ChannelEvent } from '@parley/channels/provider';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { isTold, type Told } from './told';

// Without a state it is a note, which stands beside no trouble.
const CHANGE = `update accounts a set state = coalesce(u.s, a.state), state_detail = u.d, address = coalesce(u.ad, a.address),
    state_at = case when u.s is null or a.state = u.s then a.state_at else now() end,
    qr = case when u.q is not null then u.q::jsonb when u.s = 'connected' then null else a.qr end
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]) u(t, i, s, d, ad, q, happened)
  where a.tenant_id = u.t and a.id = u.i and a.state <> 'deleted' and (u.s is not null or a.state = 'connected')
    and (u.happened is null or u.happened >= date_trunc('second', a.state_at))
    and (u.q is not null or (a.state, a.state_detail, a.address) is distinct from (coalesce(u.s, a.state), u.d, coalesce(u.ad, a.address)))
  returning a.tenant_id, a.id`;

const COUNT_UNREADABLE = `update accounts a set unreadable = unreadable + u.n from unnest($1::uuid[], $2::uuid[], $3::int[]) u(t, i, n)
  where a.tenant_id = u.t and a.id = u.i returning a.tenant_id, a.id`;

export interface AccountKey {
  tenantId: string;
  id: string;
}

interface Said {
  tenantId: string;
  accountId: string;
  event: Partial<Omit<Extract<ChannelEvent, { type: 'account.changed' }>, 'type'>>;
}

/** What providers said of their connections; the last word of a batch counts. Answers the accounts that changed. */
export async function applyAccountStates(sql: Sql, told: Told[], nowMs: number): Promise<AccountKey[]> {
  const last = new Map<string, Said>();
  for (const one of told) {
    const before = last.get(one.accountId);
    if (isTold('account.changed')(one)) last.set(one.accountId, one);
    else if (isTold('account.noted')(one) && before?.event.state === 'connected')
      last.set(one.accountId, { ...before, event: { ...before.event, detail: one.event.detail } });
    else if (isTold('account.noted')(one) && !before?.event.state) last.set(one.accountId, one);
  }
  if (!last.size) return [];
  const at = new Date(nowMs).toISOString();
  const list = [...last.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  return keysOf(
    await run(
      sql,
      CHANGE,
      columns(
        list,
        (o) => o.tenantId,
        (o) => o.accountId,
        (o) => o.event.state ?? null,
        (o) => o.event.detail ?? null,
        (o) => o.event.address ?? null,
        (o) => (o.event.qr ? JSON.stringify({ ...o.event.qr, at }) : null),
        (o) => o.event.at?.toISOString() ?? null,
      ),
    ),
  );
}

/** Items that could not be read and have no place in a thread stand with their account. */
export async function countUnreadable(
  sql: Sql,
  rows: { tenant_id: string; account_id: string }[],
): Promise<AccountKey[]> {
  const counts = new Map<string, { tenantId: string; accountId: string; n: number }>();
  for (const row of rows) {
    const count = counts.get(row.account_id) ?? { tenantId: row.tenant_id, accountId: row.account_id, n: 0 };
    count.n++;
    counts.set(row.account_id, count);
  }
  if (!counts.size) return [];
  const list = [...counts.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  return keysOf(
    await run(
      sql,
      COUNT_UNREADABLE,
      columns(
        list,
        (c) => c.tenantId,
        (c) => c.accountId,
        (c) => c.n,
      ),
    ),
  );
}

function keysOf(rows: object[]): AccountKey[] {
  return (rows as { tenant_id: string; id: string }[]).map((row) => ({ tenantId: row.tenant_id, id: row.id }));
}
