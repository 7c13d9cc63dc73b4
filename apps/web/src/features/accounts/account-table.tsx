'use client';

import type { Account } from '@parley/contracts/accounts';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Plug, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { Skeleton } from '@/components/skeleton';
import { SectionHead } from '@/features/settings/section-head';
import { AccountRow, columns } from './account-row';
import { needsSomeone } from './account-state';
import { accountsQuery } from './queries';
import { goTo } from './use-place';

const filters = {
  all: () => true,
  needed: needsSomeone,
  paused: ({ paused }: Account) => paused,
} as const;
type Filter = keyof typeof filters;

/** Every account with how it is, and the one thing that mends it. */
export function AccountTable({ openId }: { openId: string | null }) {
  const words = useTranslations('accounts');
  const query = useQuery(accountsQuery);
  const [filter, setFilter] = useState<Filter>('all');
  const accounts = (query.data?.items ?? []).filter(({ state }) => state !== 'deleted');
  const shown = accounts.filter(filters[filter]);
  return (
    <div className="pb-5">
      <div className="px-4 md:px-8">
        <SectionHead
          title={words('title')}
          hint={words('lead')}
          action={
            <Button variant="primary" onClick={() => goTo({ at: 'connect', provider: null })}>
              <Icon of={Plus} />
              {words('connect')}
            </Button>
          }
        />
      </div>
      <InstallNews />
      {accounts.length > 0 && (
        <div
          role="group"
          aria-label={words('filter.label')}
          className="mx-4 mb-3 inline-flex gap-0.5 rounded-2 bg-fill p-0.5 md:mx-8"
        >
          {(Object.keys(filters) as Filter[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === filter}
              onClick={() => setFilter(name)}
              className={cx(
                'h-7 rounded-1 px-2.5 font-medium pointer-coarse:h-11',
                name === filter && 'bg-sheet shadow-on',
              )}
            >
              {words(`filter.${name}`)} <span className="num text-ink-3">{accounts.filter(filters[name]).length}</span>
            </button>
          ))}
        </div>
      )}
      {query.isPending && <Loading />}
      {query.isError && (
        <Empty
          icon={CircleAlert}
          title={words('notLoaded')}
          action={
            <Button variant="line" onClick={() => void query.refetch()}>
              {words('again')}
            </Button>
          }
        />
      )}
      {query.isSuccess && accounts.length === 0 && (
        <Empty icon={Plug} title={words('none')}>
          {words('noneHint')}
        </Empty>
      )}
      {shown.length > 0 && (
        <div aria-hidden className={cx(columns, 'h-8 items-center text-meta font-medium text-ink-2 max-md:hidden')}>
          <span>{words('column.account')}</span>
          <span>{words('column.state')}</span>
          <span>{words('column.day')}</span>
        </div>
      )}
      <ul aria-label={words('title')} className="border-line not-empty:border-t">
        {shown.map((account) => (
          <AccountRow key={account.id} account={account} open={account.id === openId} />
        ))}
      </ul>
    </div>
  );
}

function Loading() {
  return (
    <div aria-busy className="grid border-t border-line">
      {[1, 2, 3].map((row) => (
        <div key={row} className={cx(columns, 'h-[52px] items-center border-b border-line')}>
          <span className="flex items-center gap-3">
            <Skeleton className="size-8 !rounded-3" />
            <Skeleton className="h-3 w-40" />
          </span>
          <Skeleton className="h-3 w-24 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}

/** How an install over at the provider went: it leads back here. */
function InstallNews() {
  const words = useTranslations('accounts.install');
  const search = useSearchParams();
  const how = search.get('install');
  if (how !== 'done' && how !== 'cancelled' && how !== 'failed') return null;
  return (
    <div role="status" className="px-4 pb-3 md:px-8">
      <Banner tone={how === 'failed' ? 'danger' : 'neutral'} icon={how === 'failed' ? CircleAlert : Plug}>
        {words(how, { why: search.get('why') ?? '' })}
      </Banner>
    </div>
  );
}
