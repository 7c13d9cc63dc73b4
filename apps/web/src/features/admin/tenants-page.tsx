'use client';

import type { Tenant, TenantStatus } from '@parley/contracts/tenants';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Building2, Plus, Search } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { Empty } from '@/components/empty';
import { fieldClass } from '@/components/field';
import { Icon } from '@/components/icon';
import { Fact, Row, Rows } from '@/components/rows';
import { Tabs } from '@/components/tabs';
import { SectionHead } from '@/features/settings/section-head';
import { NewTenant } from './new-tenant';
import { adminPath, goTo } from './place';
import { tenantsQuery } from './queries';
import { TenantHealth } from './tenant-health';
import { TenantTile } from './tenant-tile';

const statuses = ['all', 'active', 'suspended', 'deleting'] as const;
type Shown = (typeof statuses)[number];

/** Every tenant of the install, found by name, with how it is doing. */
export function TenantsPage() {
  const words = useTranslations('admin.tenants');
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  const [making, setMaking] = useState(false);
  const q = useDeferredValue(search.trim());
  const tenants = useInfiniteQuery(tenantsQuery(q, shown === 'all' ? undefined : (shown satisfies TenantStatus)));
  const filtered = q !== '' || shown !== 'all';
  return (
    <>
      <SectionHead
        title={words('title')}
        action={
          <div className="flex flex-wrap items-center gap-2">
            <label className={cx(fieldClass, 'h-8 w-[240px] px-2.5 max-md:w-full pointer-coarse:h-11')}>
              <Icon of={Search} className="text-ink-3" />
              <span className="sr-only">{words('search')}</span>
              <input
                type="search"
                placeholder={words('search')}
                value={search}
                onChange={(event) => setSearch(event.target.value)}
                className="min-w-0 flex-1 bg-transparent outline-none pointer-coarse:text-field"
              />
            </label>
            <Button variant="primary" onClick={() => setMaking(true)}>
              <Icon of={Plus} />
              {words('new')}
            </Button>
          </div>
        }
      />
      <div className="h-9">
        <Tabs
          label={words('status')}
          panelId="tenants"
          value={shown}
          onChange={setShown}
          tabs={statuses.map((value) => ({ value, name: words(`tab.${value}`) }))}
        />
      </div>
      <div id="tenants" role="tabpanel" aria-label={words(`tab.${shown}`)}>
        <Rows
          label={words('title')}
          query={tenants}
          empty={
            <div className="border-t border-line">
              <Empty icon={Building2} title={words(filtered ? 'noneFound' : 'none')}>
                {words(filtered ? 'noneFoundHint' : 'noneHint')}
              </Empty>
            </div>
          }
        >
          {(tenant) => <TenantRow key={tenant.id} tenant={tenant} />}
        </Rows>
      </div>
      {making && <NewTenant onClose={() => setMaking(false)} />}
    </>
  );
}

function TenantRow({ tenant }: { tenant: Tenant }) {
  const words = useTranslations('admin.tenants');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { id, name, slug, usage, quotas, lastActivityAt } = tenant;
  const path = adminPath('tenants', id);
  return (
    <Row
      quiet={tenant.status !== 'active'}
      lead={<TenantTile tenant={tenant} />}
      title={
        <a href={path} onClick={goTo(path)} className="focus-inside truncate rounded-1 hover:underline">
          {name}
        </a>
      }
      meta={slug}
      facts={
        <>
          <Fact wide>
            <TenantHealth tenant={tenant} />
          </Fact>
          <Fact>{words('members', { count: usage.members, most: most(quotas.members) })}</Fact>
          <Fact>{words('accounts', { count: usage.accounts, most: most(quotas.accounts) })}</Fact>
          <Fact>{lastActivityAt ? format.relativeTime(new Date(lastActivityAt), now) : words('quiet')}</Fact>
        </>
      }
    />
  );
}

function most(quota: number | null): string {
  return quota === null ? 'none' : String(quota);
}
