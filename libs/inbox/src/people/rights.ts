import { LOCK_HEADS } from '@parley/platform/events';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/**
 * Notes that what these members may see changes with this transaction: streams older than it start again. `eventsSoFar` is
 * how many events the transaction emits in all; call it last. Locks members, then the tenant's head.
 */
export async function raiseRights(tx: TenantTx, memberIds: string[], eventsSoFar: number): Promise<void> {
  if (!memberIds.length) return;
  const ids = [...memberIds].sort();
  await run(
    tx.raw,
    `select 1 from members where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update`,
    [tx.tenantId, ids],
  );
  await run(tx.raw, LOCK_HEADS, [[tx.tenantId]]);
  await run(
    tx.raw,
    `update members m set rights_seq = greatest(h.floor, coalesce((select max(seq) from events e where e.tenant_id = $1), 0)) + $3
     from event_heads h where h.tenant_id = $1 and m.tenant_id = $1 and m.id = any($2::uuid[])`,
    [tx.tenantId, ids, eventsSoFar],
  );
}

/** Who sees unassigned conversations only where a setting allows it. */
export async function listAgents(tx: TenantTx): Promise<string[]> {
  const rows = await run<{ id: string }>(
    tx.raw,
    `select m.id from members m left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
     where m.tenant_id = $1 and (m.role = 'agent' or not r.sees_all)`,
    [tx.tenantId],
  );
  return rows.map(({ id }) => id);
}
