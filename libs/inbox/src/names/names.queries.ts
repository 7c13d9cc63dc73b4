import type { ProviderName } from '@parley/contracts/accounts';
import { run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';

/** An account that is asked, unless its access is gone. */
export async function findAsked(sql: TransactionSql, tenantId: string, id: string) {
  const [row] = await run<{
    tenantId: string;
    id: string;
    provider: ProviderName;
    config: Record<string, unknown>;
    credentials: string;
  }>(
    sql,
    `select tenant_id "tenantId", id, provider, config, credentials from accounts
     where tenant_id = $1 and id = $2 and state not in ('deleted', 'needs_reauth')`,
    [tenantId, id],
  );
  return row;
}
