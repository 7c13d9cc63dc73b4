'use client';

import type { Account } from '@parley/contracts/accounts';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { useListTime } from '@/features/conversations/use-list-time';
import { shownState } from './account-state';
import { daysQuery, useChangeAccount, useProviders } from './account-queries';
import { DayBars } from './day-bars';
import { StateMark } from './state-mark';
import { type AccountStep, goTo } from './use-place';

/** Of the list of accounts: the head and every row. In the hand a row is two lines. */
export const columns = 'grid grid-cols-1 gap-x-4 px-4 md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_96px] md:px-8';

/** One account, how it is, and the one thing that mends it. */
export function AccountRow({ account, open }: { account: Account; open: boolean }) {
  const words = useTranslations('accounts');
  const offer = useProviders().find(({ provider }) => provider === account.provider);
  const state = shownState(account);
  const day = useQuery(daysQuery).data?.get(account.id);
  const time = useListTime();
  const detail =
    account.stateDetail ??
    (account.doubt && words('since', { time: time(account.doubt.since) })) ??
    (account.unreadable > 0 ? words('unreadable', { count: account.unreadable }) : null) ??
    (state === 'connected' && day?.heardAt ? words('heard', { time: time(day.heardAt) }) : null);
  return (
    <li
      className={cx(
        columns,
        'relative min-h-[52px] items-center gap-y-1 border-b border-line py-1.5 hover:bg-pane',
        open && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <div className="flex min-w-0 items-center gap-3">
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
      </div>
      <div className="flex min-w-0 gap-2.5 max-md:ps-11">
        <StateMark state={state} />
        <div className="min-w-0">
          <p className="font-medium">{words(`state.${state}`)}</p>
          <p className="text-meta text-pretty text-ink-2">
            {detail} <AccountAct account={account} />
          </p>
        </div>
      </div>
      <DayBars day={day} className="max-md:hidden" />
    </li>
  );
}

/** What would mend it, where it is one step. */
function AccountAct({ account }: { account: Account }) {
  const words = useTranslations('accounts.act');
  const change = useChangeAccount(account.id);
  const state = shownState(account);
  const open = (step: AccountStep) => goTo({ at: 'account', id: account.id, step, fresh: false });
  const acts = {
    needs_qr: () => open('scan'),
    needs_reauth: () => open('details'),
    disconnected: () => change.mutate({ config: {} }),
    restricted: () => change.mutate({ config: {} }),
    paused: () => change.mutate({ paused: false }),
    unconfirmed: () => open('test'),
    silent: () => open('details'),
  };
  if (!(state in acts)) return null;
  const act = state as keyof typeof acts;
  return (
    <LinkButton className="!relative z-[1]" disabled={change.isPending} onClick={acts[act]}>
      {words(act)}
    </LinkButton>
  );
}
