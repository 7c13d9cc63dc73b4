'use client';

import type { Account } from '@parley/contracts/accounts';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Plug, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Banner } from '@/components/banner';
import { Button, LinkButton } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { Skeleton } from '@/components/skeleton';
import { needsSomeone, shownState } from './account-state';
import { useChangeAccount, useProviders } from './account-queries';
import { accountsQuery } from './queries';
import { StateMark } from './state-mark';
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
    <div className="px-4 py-5 md:px-8">
      <header className="flex items-start gap-4 pb-4">
        <div className="min-w-0 flex-1">
          <h1 className="text-title">{words('title')}</h1>
          <p className="text-ink-2">{words('lead')}</p>
        </div>
        <Button variant="primary" onClick={() => goTo({ at: 'connect', provider: null })}>
          <Icon of={Plus} />
          {words('connect')}
        </Button>
      </header>
      <InstallNews />
      {accounts.length > 0 && (
        <div
          role="group"
          aria-label={words('filter.label')}
          className="mb-3 inline-flex gap-0.5 rounded-2 bg-fill p-0.5"
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
      {query.isPending && <Skeleton className="h-12" />}
      {query.isError && (
        <Empty
          icon={CircleAlert}
          title={words('notLoaded')}
          action={<LinkButton onClick={() => void query.refetch()}>{words('act.disconnected')}</LinkButton>}
        />
      )}
      {query.isSuccess && accounts.length === 0 && (
        <Empty icon={Plug} title={words('none')}>
          {words('noneHint')}
        </Empty>
      )}
      <ul aria-label={words('title')} className="border-t border-line">
        {shown.map((account) => (
          <AccountRow key={account.id} account={account} open={account.id === openId} />
        ))}
      </ul>
    </div>
  );
}

function AccountRow({ account, open }: { account: Account; open: boolean }) {
  const words = useTranslations('accounts');
  const offer = useProviders().find(({ provider }) => provider === account.provider);
  const state = shownState(account);
  const detail = account.stateDetail ?? (account.unreadable > 0 && words('unreadable', { count: account.unreadable }));
  return (
    <li
      className={cx(
        'relative flex min-h-[52px] items-center gap-3 border-b border-line py-1.5 hover:bg-pane max-sm:flex-wrap',
        open && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <ChannelMark channel={account.channel} size={32} />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-label={words('open', { name: account.name, state: words(`state.${state}`) })}
          aria-expanded={open}
          onClick={() => goTo({ at: 'account', id: account.id, step: 'details', fresh: false })}
          className="focus-inside block max-w-full truncate text-body font-medium after:absolute after:inset-0"
        >
          {account.name}
        </button>
        <p className="num truncate text-meta text-ink-3">
          {[account.address, offer?.name].filter(Boolean).join(' · ')}
        </p>
      </div>
      <div className="flex min-w-0 gap-2.5 max-sm:basis-full max-sm:ps-11 sm:flex-1">
        <StateMark state={state} />
        <div className="min-w-0">
          <p className="font-medium">{words(`state.${state}`)}</p>
          <p className="text-meta text-pretty text-ink-2">
            {detail} <AccountAct account={account} />
          </p>
        </div>
      </div>
    </li>
  );
}

/** What would mend it, where it is one step. */
function AccountAct({ account }: { account: Account }) {
  const words = useTranslations('accounts.act');
  const change = useChangeAccount(account.id);
  const state = shownState(account);
  const open = (step: 'details' | 'scan') => goTo({ at: 'account', id: account.id, step, fresh: false });
  const acts = {
    needs_qr: () => open('scan'),
    needs_reauth: () => open('details'),
    disconnected: () => change.mutate({ config: {} }),
    paused: () => change.mutate({ paused: false }),
  };
  if (!(state in acts)) return null;
  const act = state as keyof typeof acts;
  return (
    <LinkButton className="!relative z-[1]" disabled={change.isPending} onClick={acts[act]}>
      {words(act)}
    </LinkButton>
  );
}

/** How an install over at the provider went: it leads back here. */
function InstallNews() {
  const words = useTranslations('accounts.install');
  const search = useSearchParams();
  const how = search.get('install');
  if (how !== 'done' && how !== 'cancelled' && how !== 'failed') return null;
  return (
    <div role="status" className="pb-3">
      <Banner tone={how === 'failed' ? 'danger' : 'neutral'} icon={how === 'failed' ? CircleAlert : Plug}>
        {words(how, { why: search.get('why') ?? '' })}
      </Banner>
    </div>
  );
}
