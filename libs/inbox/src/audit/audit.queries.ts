import type { AuditFilter } from '@parley/contracts/audit';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import type { AuditHead, AuditRow } from '@parley/platform/audit-chain';
import { run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';

const COLUMNS = `tenant_id "tenantId", seq, (extract(epoch from at) * 1000)::float8 "atMs", actor_kind "actorKind", actor_id "actorId",
  actor_name "actorName", as_member_id "asMemberId", action, target_kind "targetKind", target_id "targetId", before, after, address,
  user_agent "userAgent", correlation_id "correlationId", key_id "keyId", previous`;

/** Entries of a chain that pass the filter, oldest or newest first. `beyond` is the last of the page before, exclusive. */
export function listEntries(
  sql: TransactionSql,
  chain: string,
  { action, actor, target, from, until }: AuditFilter,
  page: { order: 'asc' | 'desc'; beyond: number | null; limit: number },
): Promise<AuditRow[]> {
  return run<AuditRow>(
    sql,
    `select ${COLUMNS} from audit_log
     where tenant_id = $1 and ($2::bigint is null or seq ${page.order === 'asc' ? '>' : '<'} $2)
       and ($3::text is null or action = $3) and ($4::uuid is null or actor_id = $4) and ($5::uuid is null or target_id = $5)
       and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7)
     order by seq ${page.order} limit $8`,
    [chain, page.beyond, action ?? null, actor ?? null, target ?? null, from ?? null, until ?? null, page.limit],
  );
}

/** Every chain that there has to be, and that anything is left of. */
export async function listChains(sql: TransactionSql): Promise<string[]> {
  const rows = await run<{ id: string }>(
    sql,
    `select $1::uuid id union select id from tenants where status <> 'deleting' or deletes_at > now()
     union select tenant_id from audit_heads union select tenant_id from audit_log order by 1`,
    [INSTALL_CHAIN],
  );
  return rows.map(({ id }) => id);
}

export async function findHead(sql: TransactionSql, chain: string): Promise<AuditHead | undefined> {
  const [head] = await run<AuditHead>(sql, `select seq, hash, seal from audit_heads where tenant_id = $1`, [chain]);
  return head;
}

/** Rows of a chain with their hashes, by number. */
export function listHashed(
  sql: TransactionSql,
  chain: string,
  { after, limit }: { after: number; limit: number },
): Promise<(AuditRow & { hash: string })[]> {
  return run(sql, `select ${COLUMNS}, hash from audit_log where tenant_id = $1 and seq > $2 order by seq limit $3`, [
    chain,
    after,
    limit,
  ]);
}
