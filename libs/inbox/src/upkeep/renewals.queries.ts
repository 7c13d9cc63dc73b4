import type { ProviderName } from '@parley/contracts/accounts';
import { run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';

/** An account whose access may have to be renewed. Whose access is gone waits for a member. */
export interface Renewable {
  tenantId: string;
  id: string;
  provider: ProviderName;
  config: Record<string, unknown>;
  credentials: string;
}

export function listRenewable(sql: TransactionSql, providers: string[]): Promise<Renewable[]> {
  return run(
    sql,
    `select tenant_id "tenantId", id, provider, config, credentials from accounts
     where provider = any($1::text[]) and state not in ('deleted', 'needs_reauth')`,
    [providers],
  );
}
