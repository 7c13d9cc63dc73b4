'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Rows } from '@/components/rows';
import { Part } from '@/features/settings/section-head';
import { DeadLetterList } from './dead-letter-list';
import { InstallAccountRow } from './install-account-row';
import { installAccountsQuery } from './queries';

/** The tenant's accounts as they stand, and what of theirs could not be applied. */
export function TenantTrouble({ tenant }: { tenant: Tenant }) {
  const words = useTranslations('admin');
  const accounts = useInfiniteQuery(installAccountsQuery({ tenant: tenant.id }));
  return (
    <>
      <Part title={words('section.accounts')}>
        <Rows
          label={words('section.accounts')}
          query={accounts}
          empty={<p className="border-t border-line py-3 text-ink-3">{words('accounts.none')}</p>}
        >
          {(account) => <InstallAccountRow key={account.id} account={account} />}
        </Rows>
      </Part>
      {tenant.health.deadLetters > 0 && (
        <Part title={words('section.dead-letters')} hint={words('dead.hint')}>
          <DeadLetterList tenant={tenant.id} />
        </Part>
      )}
    </>
  );
}
