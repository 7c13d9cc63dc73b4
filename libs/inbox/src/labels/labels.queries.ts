import type { Label } from '@parley/contracts/labels';
import { codeOf } from '@parley/platform/sql-state';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

type Row = Label & { nameKey: string };

/** Labels by name. `after` is the last of the page before, exclusive. */
export async function listLabels(
  tx: TenantTx,
  { after, limit }: { after: [string, string] | undefined; limit: number },
): Promise<Row[]> {
  return run<Row>(
    tx.raw,
    `select id, name, hue, name_key "nameKey" from labels
     where tenant_id = $1 and ($2::text is null or (name_key, id) > ($2, $3::uuid)) order by name_key, id limit $4`,
    [tx.tenantId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** False when the name is taken. */
export async function insertLabel(tx: TenantTx, { id, name, hue }: Label, nameKey: string): Promise<boolean> {
  const rows = await run(
    tx.raw,
    `insert into labels (tenant_id, id, name, name_key, hue) values ($1, $2, $3, $4, $5) on conflict (tenant_id, name_key) do nothing returning 1`,
    [tx.tenantId, id, name, nameKey, hue],
  );
  return rows.length === 1;
}

/** Until the commit nobody else changes it. */
export async function lockLabel(tx: TenantTx, id: string): Promise<Label | undefined> {
  const [label] = await run<Label>(
    tx.raw,
    `select id, name, hue from labels where tenant_id = $1 and id = $2 for no key update`,
    [tx.tenantId, id],
  );
  return label;
}

/** False when the name is taken. */
export async function saveLabel(tx: TenantTx, { id, name, hue }: Label, nameKey: string): Promise<boolean> {
  try {
    await run(tx.raw, `update labels set name = $3, name_key = $4, hue = $5 where tenant_id = $1 and id = $2`, [
      ...[tx.tenantId, id, name, nameKey, hue],
    ]);
    return true;
  } catch (error) {
    if (codeOf(error) === '23505') return false;
    throw error;
  }
}

export async function countLabels(tx: TenantTx, ids: string[]): Promise<number> {
  const [row] = await run<{ count: number }>(
    tx.raw,
    `select count(*)::int count from labels where tenant_id = $1 and id = any($2::uuid[])`,
    [tx.tenantId, ids],
  );
  return row?.count ?? 0;
}
