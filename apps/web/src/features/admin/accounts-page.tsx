'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { CheckField } from '@/components/check-field';
import { Empty } from '@/components/empty';
import { Rows } from '@/components/rows';
import { SectionHead } from '@/features/settings/section-head';
import { InstallAccountRow } from './install-account-row';
import { installAccountsQuery } from './queries';

/** Every account of every tenant; those whose state changed last come first. */
export function AccountsPage() {
  const words = useTranslations('admin');
  const [troubled, setTroubled] = useState(false);
  const accounts = useInfiniteQuery(installAccountsQuery(troubled ? { troubled } : {}));
  return (
    <>
      <SectionHead title={words('section.accounts')} hint={words('accounts.hint')} />
      <CheckField
        className="mb-2 w-fit"
        checked={troubled}
        onChange={({ target }) => setTroubled(target.checked)}
        label={words('accounts.troubled')}
      />
      <Rows
        label={words('section.accounts')}
        query={accounts}
        empty={
          <div className="border-t border-line">
            <Empty icon={Plug} title={words(troubled ? 'accounts.allWell' : 'accounts.none')} />
          </div>
        }
      >
        {(account) => <InstallAccountRow key={account.id} account={account} named />}
      </Rows>
    </>
  );
}
