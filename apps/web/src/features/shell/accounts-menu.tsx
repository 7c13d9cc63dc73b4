'use client';

import type { Account } from '@parley/contracts/accounts';
import { Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { Popover } from '@/components/popover';
import { Tooltip } from '@/components/tooltip';
import { needsSomeone, shownState } from '@/features/accounts/account-state';
import { useAccounts } from '@/features/accounts/queries';
import { useMay } from '@/features/session/queries';

/** How the accounts are: a dot when one needs somebody, and what is the matter in words. */
export function AccountsMenu({ className }: { className: string }) {
  const words = useTranslations('shell');
  const accounts = useAccounts();
  const troubled = accounts.filter(needsSomeone).length;
  const mayManage = useMay('account.manage');
  if (accounts.length === 0 && !mayManage) return null;
  const label = troubled > 0 ? words('accountsNeedSomeone', { count: troubled }) : words('accounts.title');
  return (
    <Popover
      label={words('accounts.title')}
      side="right"
      className="w-[320px] p-2"
      trigger={
        <button type="button" aria-label={label} className={className}>
          <Tooltip text={label} side="right">
            <span className="relative grid size-10 place-items-center">
              <Icon of={Plug} size={20} />
              {troubled > 0 && (
                <span className="absolute top-2 end-2 size-2 rounded-full bg-danger shadow-[0_0_0_2px_var(--canvas)]" />
              )}
            </span>
          </Tooltip>
        </button>
      }
    >
      <h2 className="px-2 pt-1 pb-1 text-meta text-ink-2">{words('accounts.title')}</h2>
      <ul>
        {accounts.map((account) => (
          <AccountState key={account.id} account={account} />
        ))}
      </ul>
      {mayManage && (
        <a href="/accounts" className="mt-1 block rounded-2 px-2 py-1.5 font-medium text-accent-ink hover:bg-hover">
          {words('accounts.manage')}
        </a>
      )}
    </Popover>
  );
}

function AccountState({ account }: { account: Account }) {
  const words = useTranslations('shell.accounts.state');
  return (
    <li className="flex gap-2.5 rounded-2 px-2 py-1.5">
      <ChannelMark channel={account.channel} className="mt-0.5" />
      <div className="min-w-0">
        <p className="truncate font-medium">{account.name}</p>
        <p className={cx('text-meta', needsSomeone(account) ? 'text-danger-ink' : 'text-ink-3')}>
          {words(shownState(account))}
        </p>
        {account.stateDetail && <p className="text-meta text-pretty text-ink-2">{account.stateDetail}</p>}
      </div>
    </li>
  );
}
