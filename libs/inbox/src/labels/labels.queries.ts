import type { Label } from '@parley/contracts/labels';
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

export async function countLabels(tx: TenantTx, ids: string[]): Promise<number> {
  const [row] = await run<{ count: number }>(
    tx.raw,
    `select count(*)::int count from labels where tenant_id = $1 and id = any($2::uuid[])`,
    [tx.tenantId, ids],
  );
  return row?.count ?? 0;
}
