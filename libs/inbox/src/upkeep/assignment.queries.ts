import type { AutoAssign } from '@parley/contracts/assignment';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** Tenants that leave some of it to rules. */
export const RULED = `select id, auto_assign "autoAssign", free_when_away "freeWhenAway" from tenants where status = 'active' and (auto_assign <> 'off' or free_when_away) order by id`;

/** Of a conversation: somebody waits in it and nobody is to answer. */
const WAITS = `c.status = 'open' and c.assignee_id is null and c.waiting_since is not null`;

const STUCK = `select c.id, m.id "assigneeId" from members m join conversations c on c.tenant_id = m.tenant_id and c.assignee_id = m.id
  where m.tenant_id = $1 and m.availability = 'away' and m.availability_at < now() - interval '1 minute'
    and c.status = 'open' and c.waiting_since is not null`;

/** Held until the commit. False: another worker is at it, or the tenant is no longer at work. */
export async function takeTurn(tx: TenantTx): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `select 1 from tenants where id = $1 and status = 'active' for no key update skip locked`,
    [tx.tenantId],
  );
  return rows.length === 1;
}

/** Whether somebody waits for nobody, or (`stuck`) for who is away: asked each second, mostly for nothing. */
export async function findWork(tx: TenantTx): Promise<{ waits: boolean; stuck: boolean }> {
  const [row] = await run<{ waits: boolean; stuck: boolean }>(
    tx.raw,
    `select exists (select from conversations c where c.tenant_id = $1 and ${WAITS}) waits, exists (${STUCK}) stuck`,
    [tx.tenantId],
  );
  if (!row) throw new Error('a question without an answer');
  return row;
}

/** Somebody to whom conversations are given by turns. */
export interface Candidate {
  id: string;
  accountIds: string[] | null;
  teamIds: string[];
  /** Open conversations of theirs, where that decides; else 0. */
  load: number;
}

/** Agents who are here and may answer; who was served longest ago comes first. */
export function listCandidates(tx: TenantTx, by: Exclude<AutoAssign, 'off'>): Promise<Candidate[]> {
  const load =
    by === 'least_busy'
      ? `(select count(*)::int from conversations c where c.tenant_id = $1 and c.assignee_id = m.id and c.status = 'open')`
      : '0';
  return run<Candidate>(
    tx.raw,
    `select m.id, m.account_ids "accountIds", m.team_ids "teamIds", ${load} load
     from members m left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
     where m.tenant_id = $1 and m.active and m.availability = 'online'
       and (m.role = 'agent' or (not r.sees_all and r.permissions @> array['inbox.read', 'inbox.write']))
     order by m.served_at nulls first, m.id`,
    [tx.tenantId],
  );
}

/** Open conversations in which somebody waits and nobody is to answer but one of `receivers` could, the longest first. */
export function listUnassigned(
  tx: TenantTx,
  { receivers, limit }: { receivers: string[]; limit: number },
): Promise<{ id: string }[]> {
  return run<{ id: string }>(
    tx.raw,
    `select c.id from conversations c
     where c.tenant_id = $1 and ${WAITS}
       and exists (select from members m where m.tenant_id = $1 and m.id = any($2::uuid[])
         and (m.account_ids is null or c.account_id = any(m.account_ids)) and (c.team_id is null or c.team_id = any(m.team_ids)))
     order by c.waiting_since, c.id limit $3`,
    [tx.tenantId, receivers, limit],
  );
}

/** Open conversations in which somebody waits for who is away for more than a minute. */
export function listStuck(tx: TenantTx, limit: number): Promise<{ id: string; assigneeId: string }[]> {
  return run<{ id: string; assigneeId: string }>(tx.raw, `${STUCK} order by c.waiting_since, c.id limit $2`, [
    tx.tenantId,
    limit,
  ]);
}

/** Their turn is over; of several who was served last is last again. */
export async function noteServed(tx: TenantTx, memberIds: string[]): Promise<void> {
  await run(
    tx.raw,
    `update members m set served_at = statement_timestamp() + u.n * interval '1 millisecond'
     from unnest($2::uuid[]) with ordinality u(id, n) where m.tenant_id = $1 and m.id = u.id`,
    [tx.tenantId, memberIds],
  );
}
