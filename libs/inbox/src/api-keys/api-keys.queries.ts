import type { Permission } from '@parley/contracts/permissions';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Sql } from '@parley/db/sql';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  permissions: Permission[];
  accountIds: string[] | null;
  state: 'active' | 'expired' | 'revoked';
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  oldUntil: Date | null;
  createdAt: Date;
}

const KEYS = `select id, name, prefix, permissions, account_ids "accountIds", expires_at "expiresAt", last_used_at "lastUsedAt",
    case when old_until > now() then old_until end "oldUntil", created_at "createdAt",
    case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end state
  from api_keys where tenant_id = $1`;

/** Newest first: ids grow with time. `after` is the last of the page before, exclusive. */
export function listApiKeys(
  tx: TenantTx,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ApiKeyRow[]> {
  return run<ApiKeyRow>(tx.raw, `${KEYS} and ($2::uuid is null or id < $2) order by id desc limit $3`, [
    tx.tenantId,
    after ?? null,
    limit,
  ]);
}

/** `lock`: it will be changed. */
export async function findApiKey(tx: TenantTx, id: string, { lock = false } = {}): Promise<ApiKeyRow | undefined> {
  const [row] = await run<ApiKeyRow>(tx.raw, `${KEYS} and id = $2 ${lock ? 'for no key update' : ''}`, [
    tx.tenantId,
    id,
  ]);
  return row;
}

export async function insertApiKey(
  tx: TenantTx,
  one: Pick<ApiKeyRow, 'id' | 'name' | 'prefix' | 'permissions' | 'accountIds'> & {
    hash: string;
    createdBy: string | null;
    expiresAt: string | null;
  },
): Promise<void> {
  await run(
    tx.raw,
    `insert into api_keys (tenant_id, id, name, prefix, hash, permissions, account_ids, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6::text[], $7::uuid[], $8, $9)`,
    [
      tx.tenantId,
      one.id,
      one.name,
      one.prefix,
      one.hash,
      one.permissions,
      one.accountIds,
      one.createdBy,
      one.expiresAt,
    ],
  );
}

export async function changeSecret(
  tx: TenantTx,
  id: string,
  to: { hash: string; prefix: string; graceHours: number },
): Promise<void> {
  await run(
    tx.raw,
    `update api_keys set old_hash = hash, old_until = now() + $5 * interval '1 hour', hash = $3, prefix = $4
     where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, to.hash, to.prefix, to.graceHours],
  );
}

export async function revokeKey(tx: TenantTx, id: string): Promise<void> {
  await run(tx.raw, `update api_keys set revoked_at = now() where tenant_id = $1 and id = $2 and revoked_at is null`, [
    tx.tenantId,
    id,
  ]);
}

/** A key as whoever calls with it is known by. */
export interface LivingKey {
  tenantId: string;
  id: string;
  name: string;
  hash: string;
  /** The one before, while it still works. */
  oldHash: string | null;
  permissions: Permission[];
  accountIds: string[] | null;
  rightsSeq: number;
  /** Its last use should be written down. */
  stale: boolean;
}

const LIVING = `k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) and t.status = 'active'`;

/** Those of these keys that live. */
export async function findLivingKeys(
  sql: Sql,
  places: readonly { tenantId: string; id: string }[],
): Promise<LivingKey[]> {
  return sql.unsafe<LivingKey[]>(
    `select k.tenant_id "tenantId", k.id, k.name, k.hash, case when k.old_until > now() then k.old_hash end "oldHash", k.permissions,
       k.account_ids "accountIds", k.rights_seq "rightsSeq", coalesce(k.last_used_at < now() - interval '1 minute', true) stale
     from unnest($1::uuid[], $2::uuid[]) u(t, i) join api_keys k on k.tenant_id = u.t and k.id = u.i join tenants t on t.id = k.tenant_id
     where ${LIVING}`,
    [places.map(({ tenantId }) => tenantId), places.map(({ id }) => id)],
    { prepare: true },
  );
}

export async function noteUse(sql: Sql, { tenantId, id }: { tenantId: string; id: string }): Promise<void> {
  await sql.unsafe('update api_keys set last_used_at = now() where tenant_id = $1 and id = $2', [tenantId, id], {
    prepare: true,
  });
}
