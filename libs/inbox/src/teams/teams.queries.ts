import type { Member } from '@parley/contracts/members';
import type { Team } from '@parley/contracts/teams';
import { codeOf } from '@parley/platform/sql-state';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { MEMBER } from '../members/member.view';

/** Teams by name. `after` is the last of the page before, exclusive. */
export function listTeams(
  tx: TenantTx,
  { after, limit }: { after: [string, string] | undefined; limit: number },
): Promise<(Team & { nameKey: string })[]> {
  return run<Team & { nameKey: string }>(
    tx.raw,
    `select id, name, name_key "nameKey" from teams
     where tenant_id = $1 and ($2::text is null or (name_key, id) > ($2, $3::uuid)) order by name_key, id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** Until the commit nobody deletes it, nor, `for no key update`, changes it. */
export async function findTeam(
  tx: TenantTx,
  id: string,
  lock: 'for key share' | 'for no key update' | 'for update',
): Promise<Team | undefined> {
  const [team] = await run<Team>(tx.raw, `select id, name from teams where tenant_id = $1 and id = $2 ${lock}`, [
    tx.tenantId,
    id,
  ]);
  return team;
}

/** False: the name is taken. */
export async function saveTeam(tx: TenantTx, { id, name }: Team, nameKey: string): Promise<boolean> {
  try {
    await run(
      tx.raw,
      `insert into teams (tenant_id, id, name, name_key) values ($1, $2, $3, $4)
       on conflict (tenant_id, id) do update set name = excluded.name, name_key = excluded.name_key`,
      [tx.tenantId, id, name, nameKey],
    );
    return true;
  } catch (error) {
    if (codeOf(error) === '23505') return false;
    throw error;
  }
}

export async function removeTeam(tx: TenantTx, id: string): Promise<void> {
  await run(tx.raw, `delete from teams where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
}

/** Holds who is of a team and who else is named, in the one order of locks; who is named and missing is no member. */
export function lockMembers(
  tx: TenantTx,
  teamId: string,
  memberIds: string[],
): Promise<{ id: string; isOfTeam: boolean }[]> {
  return run<{ id: string; isOfTeam: boolean }>(
    tx.raw,
    `select id, $2::uuid = any(team_ids) "isOfTeam" from members
     where tenant_id = $1 and ($2::uuid = any(team_ids) or id = any($3::uuid[])) order by id for no key update`,
    [tx.tenantId, teamId, memberIds],
  );
}

/** Makes these the members of a team; answers those who came or left. */
export function setMembers(tx: TenantTx, teamId: string, memberIds: string[]): Promise<Member[]> {
  return run<Member>(
    tx.raw,
    `update members set team_ids = case when id = any($3::uuid[]) then team_ids || $2::uuid else array_remove(team_ids, $2::uuid) end
     where tenant_id = $1 and (id = any($3::uuid[])) <> ($2::uuid = any(team_ids)) returning ${MEMBER}`,
    [tx.tenantId, teamId, memberIds],
  );
}

/** Takes conversations from a team, so many at most. Answers how many. */
export async function takeConversations(tx: TenantTx, teamId: string, limit: number): Promise<number> {
  const rows = await run(
    tx.raw,
    `with c as (select id from conversations where tenant_id = $1 and team_id = $2 order by id limit $3 for no key update)
     update conversations u set team_id = null from c where u.tenant_id = $1 and u.id = c.id returning 1`,
    [tx.tenantId, teamId, limit],
  );
  return rows.length;
}
