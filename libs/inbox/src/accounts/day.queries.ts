import type { listAccountDays } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

const MOST_ACCOUNTS = 1_000;

type Day = ResponseOf<typeof listAccountDays>['items'][number];

/** What each account brought in each of the last 24 hours, the current one last. `within`: of these alone. */
export async function listDays(tx: TenantTx, within: string[] | null): Promise<Day[]> {
  const rows = await run<Omit<Day, 'heardAt'> & { heard_ms: string | null }>(
    tx.raw,
    `select a.id "accountId", extract(epoch from l.last_at) * 1000 heard_ms, to_json(array(
         select coalesce(h.received, 0) from generate_series(-23, 0) n
         left join account_hours h on h.tenant_id = $1 and h.account_id = a.id
           and h.hour = date_trunc('hour', now(), 'UTC') + make_interval(hours => n)
         order by n)) hours
     from (select id from accounts where tenant_id = $1 and state <> 'deleted'
         and ($2::uuid[] is null or id = any($2::uuid[])) order by id limit ${MOST_ACCOUNTS}) a
     left join lateral (select last_at from account_hours where tenant_id = $1 and account_id = a.id
       order by hour desc limit 1) l on true`,
    [tx.tenantId, within],
  );
  return rows.map(({ heard_ms: ms, ...day }) => ({
    ...day,
    heardAt: ms === null ? null : new Date(Number(ms)).toISOString(),
  }));
}
