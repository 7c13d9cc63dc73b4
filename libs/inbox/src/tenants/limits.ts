import { allFeatures, noQuotas, type Features, type Quotas } from '@parley/contracts/tenants';
import { AppError } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** What counts towards a quota. */
const counted: Record<Exclude<keyof Quotas, 'storedBytes'>, string> = {
  accounts: `select count(*)::int count from accounts where tenant_id = $1 and state <> 'deleted'`,
  members: `select count(*)::int count from members where tenant_id = $1 and active`,
};

/** Before one more is added; who adds two at once may pass by one. Throws `quota_exceeded`. */
export async function assertQuota(tx: TenantTx, what: keyof typeof counted): Promise<void> {
  const most = { ...noQuotas, ...(await limitsOf(tx)).quotas }[what];
  if (most === null) return;
  const [row] = await run<{ count: number }>(tx.raw, counted[what], [tx.tenantId]);
  if ((row?.count ?? 0) >= most)
    throw new AppError('quota_exceeded', `Your plan holds ${most} ${what}. Ask who runs this install for more.`);
}

/** Before a byte of a file is taken up, under the tenant's lock. Throws `quota_exceeded`. */
export async function assertRoom(tx: TenantTx, sizeBytes: number): Promise<void> {
  const most = (await limitsOf(tx)).quotas.storedBytes ?? null;
  if (most === null) return;
  const [row] = await run<{ bytes: number }>(
    tx.raw,
    'select bytes::float8 bytes from tenant_storage where tenant_id = $1',
    [tx.tenantId],
  );
  if ((row?.bytes ?? 0) + sizeBytes > most)
    throw new AppError(
      'quota_exceeded',
      `This file does not fit: your files may take ${gigabytes(most)}, and take ${gigabytes(row?.bytes ?? 0)} already. Ask who runs this install for more.`,
    );
}

/** Throws `feature_off`. */
export async function assertFeature(tx: TenantTx, feature: keyof Features): Promise<void> {
  const { features } = await limitsOf(tx);
  if (!{ ...allFeatures, ...features }[feature])
    throw new AppError('feature_off', 'This is switched off for your tenant. Ask who runs this install.');
}

async function limitsOf(tx: TenantTx): Promise<{ quotas: Partial<Quotas>; features: Partial<Features> }> {
  const [row] = await run<{ quotas: Partial<Quotas>; features: Partial<Features> }>(
    tx.raw,
    'select quotas, features from tenants where id = $1',
    [tx.tenantId],
  );
  return row ?? { quotas: {}, features: {} };
}

function gigabytes(bytes: number): string {
  return `${Number((bytes / 1e9).toFixed(2))} GB`;
}
