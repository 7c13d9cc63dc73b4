'use client';

import { useTranslations } from 'next-intl';
import { useAccounts } from '@/features/accounts/queries';

/** Which accounts somebody is kept to, in words: by name while they are few. */
export function useAccountWords(): (ids: readonly string[] | null) => string {
  const words = useTranslations('team.accounts');
  const accounts = useAccounts();
  return (ids) => {
    if (ids === null) return words('all');
    const names = ids.flatMap((id) => accounts.find((account) => account.id === id)?.name ?? []);
    return ids.length <= 2 && names.length === ids.length ? names.join(', ') : words('some', { count: ids.length });
  };
}
