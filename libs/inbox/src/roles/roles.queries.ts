import type { Member } from '@parley/contracts/members';
import type { Permission } from '@parley/contracts/permissions';
import { codeOf } from '@parley/platform/sql-state';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { MEMBER } from '../members/member.view';

export interface CustomRole {
  id: string;
  name: string;
  permissions: Permission[];
  seesAll: boolean;
}

const COLUMNS = `id, name, permissions, sees_all "seesAll"`;

/** By name. A tenant has few. */
export function listCustomRoles(tx: TenantTx): Promise<CustomRole[]> {
  return run<CustomRole>(tx.raw, `select ${COLUMNS} from roles where tenant_id = $1 order by name_key limit 200`, [
    tx.tenantId,
  ]);
}

/** Held until the commit: it is neither changed nor deleted meanwhile. */
export async function findCustomRole(
  tx: TenantTx,
  id: string,
  lock: 'for share' | 'for update',
): Promise<CustomRole | undefined> {
  const [row] = await run<CustomRole>(tx.raw, `select ${COLUMNS} from roles where tenant_id = $1 and id = $2 ${lock}`, [
    tx.tenantId,
    id,
  ]);
  return row;
}

/** False: the name is taken. */
export async function saveRole(tx: TenantTx, { id, name, permissions, seesAll }: CustomRole): Promise<boolean> {
  try {
    await run(
      tx.raw,
      `insert into roles (tenant_id, id, name, name_key, permissions, sees_all) values ($1, $2, $3, $4, $5::text[], $6)
       on conflict (tenant_id, id) do update set name = excluded.name, name_key = excluded.name_key,
         permissions = excluded.permissions, sees_all = excluded.sees_all`,
      [tx.tenantId, id, name, name.normalize('NFKC').toLowerCase(), permissions, seesAll],
    );
    return true;
  } catch (error) {
    if (codeOf(error) === '23505') return false;
    throw error;
  }
}

export async function removeRole(tx: TenantTx, id: string): Promise<void> {
  await run(tx.raw, `delete from roles where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
}

export function listBearers(tx: TenantTx, roleId: string): Promise<Member[]> {
  return run<Member>(tx.raw, `select ${MEMBER} from members where tenant_id = $1 and role_id = $2`, [
    tx.tenantId,
    roleId,
  ]);
}

/** Whether somebody could still come in with it. */
export async function isOffered(tx: TenantTx, roleId: string): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `select 1 from invitations where tenant_id = $1 and role_id = $2 and accepted_at is null and revoked_at is null
     union all select 1 from issuers where tenant_id = $1 and role_id = $2 limit 1`,
    [tx.tenantId, roleId],
  );
  return rows.length > 0;
}
