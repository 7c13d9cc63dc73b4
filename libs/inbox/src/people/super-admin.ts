import type { Sql } from '@parley/db/sql';
import { AppError } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';

/** Whom another removed while they asked is one no longer; who is one stays it until the transaction ends. Throws `forbidden`. */
export async function assertSuperAdmin(sql: Sql, userId: string): Promise<void> {
  const rows = await run(sql, 'select 1 from users where id = $1 and super_admin for share', [userId]);
  if (rows.length === 0) throw new AppError('forbidden', 'Only who runs this install may do this.');
}
