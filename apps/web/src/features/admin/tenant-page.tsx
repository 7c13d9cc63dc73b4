'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, SearchX } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { useSize } from '@/features/messages/media-details';
import { ApiError } from '@parley/client/api-error';
import { ImpersonatePart } from './impersonate-part';
import { adminPath, goTo } from './place';
import { tenantQuery } from './queries';
import { TenantActs } from './tenant-acts';
import { TenantForm } from './tenant-form';
import { TenantHealth } from './tenant-health';
import { TenantTile } from './tenant-tile';
import { TenantTrouble } from './tenant-trouble';

/** One tenant: how it is, what it may have, and what can be done with it. */
export function TenantPage({ id }: { id: string }) {
  const words = useTranslations('admin');
  const tenant = useQuery(tenantQuery(id));
  const unknown = tenant.error instanceof ApiError && ['not_found', 'invalid'].includes(tenant.error.code);
  return (
    <>
      <a
        href={adminPath('tenants')}
        onClick={goTo(adminPath('tenants'))}
        className="-ms-2 mt-4 inline-flex min-h-8 items-center gap-2 rounded-2 px-2 text-ink-2 hover:bg-hover pointer-coarse:min-h-11"
      >
        <Icon of={ArrowLeft} />
        {words('section.tenants')}
      </a>
      {tenant.isPending && <RowSkeletons />}
      {unknown && (
        <Empty page icon={SearchX} title={words('tenant.unknown')}>
          {words('tenant.unknownHint')}
        </Empty>
      )}
      {tenant.isError && !unknown && !tenant.data && (
        <RowsFailed error={tenant.error} retry={() => void tenant.refetch()} />
      )}
      {tenant.data && <Known tenant={tenant.data} />}
    </>
  );
}

function Known({ tenant }: { tenant: Tenant }) {
  return (
    <>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-3 pt-3 pb-5">
        <div className="flex min-w-[min(100%,260px)] flex-1 items-center gap-3">
          <TenantTile tenant={tenant} />
          <div className="min-w-0">
            <h1 className="text-title break-words">{tenant.name}</h1>
            <TenantHealth tenant={tenant} />
          </div>
        </div>
        <TenantActs tenant={tenant} />
      </header>
      <Facts tenant={tenant} />
      <TenantForm key={tenant.id} tenant={tenant} />
      <TenantTrouble tenant={tenant} />
      <ImpersonatePart tenant={tenant} />
    </>
  );
}

/** Bare numbers. */
function Facts({ tenant: { usage, health, createdAt, lastActivityAt } }: { tenant: Tenant }) {
  const words = useTranslations('admin.tenant');
  const format = useFormatter();
  const size = useSize();
  const nothing = format.number(0, { style: 'unit', unit: 'gigabyte', unitDisplay: 'short' });
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium' });
  const facts = [
    [words('members'), format.number(usage.members)],
    [words('accounts'), format.number(usage.accounts)],
    [words('stored'), usage.storedBytes ? size(usage.storedBytes) : nothing],
    [words('troubled'), format.number(health.troubledAccounts)],
    [words('dead'), format.number(health.deadLetters)],
    [words('since'), day(createdAt)],
    [words('active'), lastActivityAt ? day(lastActivityAt) : words('quiet')],
  ] as const;
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3 pb-8">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse">
          <dt className="text-meta text-ink-3">{name}</dt>
          <dd className="num text-title">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
