import type { AuditFilter } from '@parley/contracts/audit';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import type { AuditHead, AuditRow } from '@parley/platform/audit-chain';
import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

const COLUMNS = `tenant_id "tenantId", seq, (extract(epoch from at) * 1000)::float8 "atMs", actor_kind "actorKind", actor_id "actorId",
  actor_name "actorName", as_member_id "asMemberId", action, target_kind "targetKind", target_id "targetId", before, after, address,
  user_agent "userAgent", correlation_id "correlationId", key_id "keyId", previous`;

/** Entries of a chain that pass the filter, oldest or newest first. `beyond` is the last of the page before, exclusive. */
export function listEntries(
  sql: Sql,
  chain: string,
  { action, actor, target, from, until }: AuditFilter,
  page: { order: 'asc' | 'desc'; beyond: number | null; limit: number },
): Promise<AuditRow[]> {
  const values: unknown[] = [chain];
  // Only what is asked for, or the plan that Postgres keeps would suit every filter and no index.
  const where = (condition: string, value: unknown) =>
    value === undefined || value === null ? '' : `and ${condition} $${values.push(value)}`;
  const conditions = [
    where(page.order === 'asc' ? 'seq >' : 'seq <', page.beyond),
    where('action =', action),
    where('actor_id =', actor),
    where('target_id =', target),
    where('at >=', from),
    where('at <', until),
  ];
  return run<AuditRow>(
    sql,
    `select ${COLUMNS} from audit_log where tenant_id = $1 ${conditions.join(' ')}
     order by seq ${page.order} limit $${values.push(page.limit)}`,
    values,
  );
}

/** Every chain that there has to be, and that anything is left of. */
export async function listChains(sql: Sql): Promise<string[]> {
  const rows = await run<{ id: string }>(
    sql,
    `select $1::uuid id union select id from tenants where status <> 'deleting' or deletes_at > now()
     union select tenant_id from audit_heads union select tenant_id from audit_log order by 1`,
    [INSTALL_CHAIN],
  );
  return rows.map(({ id }) => id);
}

export async function findHead(sql: Sql, chain: string): Promise<AuditHead | undefined> {
  const [head] = await run<AuditHead>(sql, `select seq, hash, seal from audit_heads where tenant_id = $1`, [chain]);
  return head;
}

/** Rows of a chain with their hashes, by number. */
export function listHashed(
  sql: Sql,
  chain: string,
  { after, limit }: { after: number; limit: number },
): Promise<(AuditRow & { hash: string })[]> {
  return run(sql, `select ${COLUMNS}, hash from audit_log where tenant_id = $1 and seq > $2 order by seq limit $3`, [
    chain,
    after,
    limit,
  ]);
}
