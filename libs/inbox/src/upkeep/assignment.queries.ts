import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** Tenants that leave some of it to rules. */
export const RULED = `select id, auto_assign "autoAssign", free_when_away "freeWhenAway" from tenants where status = 'active' and (auto_assign <> 'off' or free_when_away) order by id`;

/** Held until the commit. False: another worker is at it, or the tenant is no longer at work. */
export async function takeTurn(tx: TenantTx): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `select 1 from tenants where id = $1 and status = 'active' for no key update skip locked`,
    [tx.tenantId],
  );
  return rows.length === 1;
}

/** Somebody to whom conversations are given by turns. */
export interface Candidate {
  id: string;
  accountIds: string[] | null;
  /** Open conversations of theirs. */
  load: number;
}

/** Agents who are here and may answer; who was served longest ago comes first. */
export function listCandidates(tx: TenantTx): Promise<Candidate[]> {
  return run<Candidate>(
    tx.raw,
    `select m.id, m.account_ids "accountIds",
       (select count(*)::int from conversations c where c.tenant_id = $1 and c.assignee_id = m.id and c.status = 'open') load
     from members m left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
     where m.tenant_id = $1 and m.active and m.availability = 'online'
       and (m.role = 'agent' or (not r.sees_all and r.permissions @> array['inbox.read', 'inbox.write']))
     order by m.served_at nulls first, m.id`,
    [tx.tenantId],
  );
}

export interface Waiting {
  id: string;
  accountId: string;
}

/** Open conversations in which somebody waits and nobody is to answer, the longest first. `accounts`: null, of any. */
export function listUnassigned(
  tx: TenantTx,
  { accounts, limit }: { accounts: string[] | null; limit: number },
): Promise<Waiting[]> {
  return run<Waiting>(
    tx.raw,
    `select id, account_id "accountId" from conversations
     where tenant_id = $1 and status = 'open' and assignee_id is null and waiting_since is not null
       and ($2::uuid[] is null or account_id = any($2::uuid[])) order by waiting_since, id limit $3`,
    [tx.tenantId, accounts, limit],
  );
}

/** Open conversations in which somebody waits for who is away for more than a minute. */
export function listStuck(tx: TenantTx, limit: number): Promise<{ id: string; assigneeId: string }[]> {
  return run<{ id: string; assigneeId: string }>(
    tx.raw,
    `select c.id, m.id "assigneeId" from members m join conversations c on c.tenant_id = m.tenant_id and c.assignee_id = m.id
     where m.tenant_id = $1 and m.availability = 'away' and m.availability_at < now() - interval '1 minute'
       and c.status = 'open' and c.waiting_since is not null order by c.waiting_since, c.id limit $2`,
    [tx.tenantId, limit],
  );
}

/** Their turn is over; of several who was served last is last again. */
export async function noteServed(tx: TenantTx, memberIds: string[]): Promise<void> {
  await run(
    tx.raw,
    `update members m set served_at = clock_timestamp() + u.n * interval '1 millisecond'
     from unnest($2::uuid[]) with ordinality u(id, n) where m.tenant_id = $1 and m.id = u.id`,
    [tx.tenantId, memberIds],
  );
}
