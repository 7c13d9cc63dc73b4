import type { Member } from '@parley/contracts/members';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

export interface Receiver {
  name: string;
  active: boolean;
  accountIds: string[] | null;
}

type Row = Member & { nameKey: string };

/** Members by name. `after` is the last of the page before, exclusive. A tenant has too few of them for an index. */
export async function listMembers(
  tx: TenantTx,
  { after, limit }: { after: [string, string] | undefined; limit: number },
): Promise<Row[]> {
  return run<Row>(
    tx.raw,
    `select id, name, coalesce(role, role_id::text) role, active, lower(name) "nameKey" from members
     where tenant_id = $1 and ($2::text is null or (lower(name), id) > ($2, $3::uuid)) order by lower(name), id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** Shared lock: a deactivation that runs meanwhile waits, and then finds what the member was given. */
export async function findReceiver(tx: TenantTx, id: string): Promise<Receiver | undefined> {
  const [row] = await run<Receiver>(
    tx.raw,
    `select name, active, account_ids "accountIds" from members where tenant_id = $1 and id = $2 for share`,
    [tx.tenantId, id],
  );
  return row;
}
