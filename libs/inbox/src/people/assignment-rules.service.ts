import type { AssignmentRules } from '@parley/contracts/assignment';
import { isChanged } from '@parley/platform/audit-chain';
import { run } from '@parley/platform/statements';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';

/** Absent or undefined: as it is. */
type Change = { [Rule in keyof AssignmentRules]?: AssignmentRules[Rule] | undefined };

/** By what rules a tenant's work is shared; the worker's timer keeps to them. */
@Injectable()
export class AssignmentRulesService {
  constructor(private readonly db: TenantDb) {}

  get(ctx: MemberContext): Promise<AssignmentRules> {
    return this.db.read(ctx, (tx) => readRules(tx));
  }

  set(ctx: MemberContext, change: Change): Promise<AssignmentRules> {
    return this.db.transaction(ctx, async (tx) => {
      const before = await readRules(tx, 'for no key update');
      const { autoAssign = before.autoAssign, freeWhenAway = before.freeWhenAway } = change;
      const after = { autoAssign, freeWhenAway };
      if (!isChanged(before, after)) return after;
      await run(tx.raw, 'update tenants set auto_assign = $2, free_when_away = $3 where id = $1', [
        ...[tx.tenantId, autoAssign, freeWhenAway],
      ]);
      tx.audit({ action: 'settings.updated', target: { kind: 'tenant', id: tx.tenantId }, before, after });
      return after;
    });
  }
}

async function readRules(tx: TenantTx, lock: '' | 'for no key update' = ''): Promise<AssignmentRules> {
  const [row] = await run<AssignmentRules>(
    tx.raw,
    `select auto_assign "autoAssign", free_when_away "freeWhenAway" from tenants where id = $1 ${lock}`,
    [tx.tenantId],
  );
  if (!row) throw new Error('a tenant that is at work is not there');
  return row;
}
