import type { Availability } from '@parley/contracts/members';
import type { Permission } from '@parley/contracts/permissions';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** A member with all that decides what they may. */
export interface TeamRow {
  id: string;
  userId: string;
  name: string;
  role: string;
  permissions: Permission[] | null;
  seesAll: boolean | null;
  accountIds: string[] | null;
  active: boolean;
  availability: Availability;
  teamIds: string[];
  createdAt: Date;
  nameKey: string;
}

const TEAM = `select m.id, m.user_id "userId", m.name, coalesce(m.role, m.role_id::text) role, r.permissions, r.sees_all "seesAll",
    m.account_ids "accountIds", m.active, m.availability, m.team_ids "teamIds", m.created_at "createdAt", lower(m.name) "nameKey"
  from members m left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id where m.tenant_id = $1`;

/** By name. `after` is the last of the page before, exclusive. */
export function listTeam(
  tx: TenantTx,
  { after, limit }: { after: [string, string] | undefined; limit: number },
): Promise<TeamRow[]> {
  return run<TeamRow>(
    tx.raw,
    `${TEAM} and ($2::text is null or (lower(m.name), m.id) > ($2, $3::uuid)) order by lower(m.name), m.id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function findTeamMember(tx: TenantTx, id: string): Promise<TeamRow | undefined> {
  const [row] = await run<TeamRow>(tx.raw, `${TEAM} and m.id = $2`, [tx.tenantId, id]);
  return row;
}

/** Holds a member and every admin: who is the last one cannot change meanwhile. */
export async function lockMemberAndAdmins(tx: TenantTx, id: string): Promise<void> {
  await run(
    tx.raw,
    `select 1 from members where tenant_id = $1 and (id = $2 or role = 'tenant_admin') order by id for no key update`,
    [tx.tenantId, id],
  );
}

export async function countAdmins(tx: TenantTx): Promise<number> {
  const [row] = await run<{ count: number }>(
    tx.raw,
    `select count(*)::int count from members where tenant_id = $1 and role = 'tenant_admin' and active`,
    [tx.tenantId],
  );
  return row?.count ?? 0;
}

export async function updateMember(
  tx: TenantTx,
  id: string,
  to: { role: string | null; roleId: string | null; accountIds: string[] | null; active: boolean },
): Promise<void> {
  await run(
    tx.raw,
    `update members set role = $3, role_id = $4, account_ids = $5::uuid[], active = $6 where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, to.role, to.roleId, to.accountIds, to.active],
  );
}

/** Whether all of these distinct ids are accounts of the tenant. */
export async function areAccounts(tx: TenantTx, ids: string[]): Promise<boolean> {
  const [row] = await run<{ count: number }>(
    tx.raw,
    `select count(*)::int count from accounts where tenant_id = $1 and id = any($2::uuid[])`,
    [tx.tenantId, ids],
  );
  return row?.count === ids.length;
}

/** Unresolved conversations of a member, by id; with `but` only those of other accounts. */
export async function listUnresolved(
  tx: TenantTx,
  memberId: string,
  { but, limit }: { but: string[] | null; limit: number },
): Promise<string[]> {
  const rows = await run<{ id: string }>(
    tx.raw,
    `select id from conversations where tenant_id = $1 and assignee_id = $2 and status in ('open', 'pending')
       and ($3::uuid[] is null or account_id <> all($3::uuid[])) order by id limit $4`,
    [tx.tenantId, memberId, but, limit],
  );
  return rows.map(({ id }) => id);
}

export async function listAccountNames(tx: TenantTx): Promise<{ id: string; name: string }[]> {
  return run<{ id: string; name: string }>(
    tx.raw,
    `select id, name from accounts where tenant_id = $1 and state <> 'deleted' order by lower(name), id limit 200`,
    [tx.tenantId],
  );
}
