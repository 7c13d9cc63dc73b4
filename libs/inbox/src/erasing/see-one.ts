import { run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';

/** Lets the statements of a transaction see one tenant. */
export function seeOne(tenantId: string) {
  return (sql: TransactionSql) => run(sql, `select set_config('app.tenant_id', $1, true)`, [tenantId]);
}
