import type { Tenant } from '@parley/contracts/tenants';
import { cx } from '@/components/cx';
import { hueOf } from '@/components/hue';
import { TenantFace } from '@/components/tenant-face';

/** A tenant's logo, or its letter on a hue of its own. Decoration: the name stands beside it. */
export function TenantTile({ tenant: { id, name, logo, status } }: { tenant: Tenant }) {
  return (
    <span
      className={cx(
        'block size-8 flex-none rounded-3 font-semibold select-none',
        status !== 'active' && 'saturate-[.15]',
      )}
    >
      <TenantFace name={name} hue={hueOf(id)} logo={logo} />
    </span>
  );
}
