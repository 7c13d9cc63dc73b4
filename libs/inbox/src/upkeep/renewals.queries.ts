import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { selectAsked, type AskedAccount } from '../accounts/asked-account';

/** Below the install's own app: it renews no other's access. Whose access is gone waits for a member. */
const RENEWABLE = `${selectAsked} where app_id is null and state not in ('deleted', 'needs_reauth')`;

/** At most so many, by id. `after` is the last of the page before, exclusive. */
export function listRenewable(
  sql: Sql,
  { providers, after, limit }: { providers: string[]; after: string | null; limit: number },
): Promise<AskedAccount[]> {
  return run(
    sql,
    `${RENEWABLE} and provider = any($1::text[]) and ($2::uuid is null or id > $2::uuid) order by id limit $3`,
    [providers, after, limit],
  );
}

export async function findRenewable(
  sql: Sql,
  { tenantId, id }: Pick<AskedAccount, 'tenantId' | 'id'>,
): Promise<AskedAccount | undefined> {
  const [row] = await run<AskedAccount>(sql, `${RENEWABLE} and tenant_id = $1 and id = $2`, [tenantId, id]);
  return row;
}
