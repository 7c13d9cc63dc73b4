import { allFeatures, noQuotas, type Features, type Quotas } from '@parley/contracts/tenants';
import { AppError } from '@parley/platform/app-error';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';

/** What counts towards a quota. */
const counted: Record<keyof Quotas, string> = {
  accounts: `select count(*)::int count from accounts where tenant_id = $1 and state <> 'deleted'`,
  members: `select count(*)::int count from members where tenant_id = $1 and active`,
};

/** Before one more is added; who adds two at once may pass by one. Throws `quota_exceeded`. */
export async function assertQuota(tx: TenantTx, what: keyof Quotas): Promise<void> {
  const most = { ...noQuotas, ...(await limitsOf(tx)).quotas }[what];
  if (most === null) return;
  const [row] = await run<{ count: number }>(tx.raw, counted[what], [tx.tenantId]);
  if ((row?.count ?? 0) >= most)
    throw new AppError('quota_exceeded', `Your plan holds ${most} ${what}. Ask who runs this install for more.`);
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
