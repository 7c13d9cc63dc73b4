import type { setAccountGroups } from '@parley/contracts/accounts';
import type { ResponseOf } from '@parley/contracts/route';
import { notFound } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

type Heard = ResponseOf<typeof setAccountGroups>;

export async function findHeardGroups(tx: TenantTx, id: string): Promise<Heard> {
  const [row] = await run<Heard>(
    tx.raw,
    'select ignores_groups ignored, allowed_groups allowed from accounts where tenant_id = $1 and id = $2',
    [tx.tenantId, id],
  );
  if (!row) throw notFound('account');
  return row;
}

export async function updateHeardGroups(tx: TenantTx, id: string, { ignored, allowed }: Heard): Promise<void> {
  await run(
    tx.raw,
    'update accounts set ignores_groups = $3, allowed_groups = $4::text[] where tenant_id = $1 and id = $2',
    [tx.tenantId, id, ignored, allowed],
  );
}
