import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { selectAsked, type AskedAccount } from '../accounts/asked-account';

/** An account that is asked, unless its access is gone. */
export async function findAsked(sql: Sql, tenantId: string, id: string): Promise<AskedAccount | undefined> {
  const [row] = await run<AskedAccount>(
    sql,
    `${selectAsked} where tenant_id = $1 and id = $2 and state not in ('deleted', 'needs_reauth')`,
    [tenantId, id],
  );
  return row;
}
