import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** Lets the statements of a transaction see one tenant. */
export function seeOne(tenantId: string) {
  return (sql: Sql) => run(sql, `select set_config('app.tenant_id', $1, true)`, [tenantId]);
}
