import type { Availability, Member } from '@parley/contracts/members';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { MEMBER } from './member.view';

export interface Receiver {
  name: string;
  active: boolean;
  accountIds: string[] | null;
  teamIds: string[];
}

type Row = Member & { nameKey: string };

/** Members by name. `after` is the last of the page before, exclusive. A tenant has too few of them for an index. */
export async function listMembers(
  tx: TenantTx,
  { after, limit }: { after: [string, string] | undefined; limit: number },
): Promise<Row[]> {
  return run<Row>(
    tx.raw,
    `select ${MEMBER}, lower(name) "nameKey" from members
     where tenant_id = $1 and ($2::text is null or (lower(name), id) > ($2, $3::uuid)) order by lower(name), id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** `undefined` where they had said so before. */
export async function setAvailability(tx: TenantTx, id: string, to: Availability): Promise<Member | undefined> {
  const [row] = await run<Member>(
    tx.raw,
    `update members set availability = $3, availability_at = now() where tenant_id = $1 and id = $2 and availability <> $3 returning ${MEMBER}`,
    [tx.tenantId, id, to],
  );
  return row;
}

export async function findMember(tx: TenantTx, id: string): Promise<Member | undefined> {
  const [row] = await run<Member>(tx.raw, `select ${MEMBER} from members where tenant_id = $1 and id = $2`, [
    tx.tenantId,
    id,
  ]);
  return row;
}

/** Shared lock: a deactivation that runs meanwhile waits, and then finds what the member was given. */
export async function findReceiver(tx: TenantTx, id: string): Promise<Receiver | undefined> {
  const [row] = await run<Receiver>(
    tx.raw,
    `select name, active, account_ids "accountIds", team_ids "teamIds" from members where tenant_id = $1 and id = $2 for share`,
    [tx.tenantId, id],
  );
  return row;
}
