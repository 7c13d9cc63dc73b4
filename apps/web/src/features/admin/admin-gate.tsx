'use client';

import type { Me } from '@parley/contracts/me';
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { buttonClass } from '@/components/button';
import { Empty } from '@/components/empty';
import { RowsFailed } from '@/components/rows';
import { meQuery } from '@/features/session/queries';
import { leaveForSignIn } from '@/features/session/sign-out';
import { hearTabs } from '@/features/session/tabs';
import { ApiError } from '@parley/client/api-error';

/** Lets in who runs the install, whatever tenants they belong to; who acts as a member does not, meanwhile. */
export function AdminGate({ children }: { children: (me: Me) => React.ReactNode }) {
  const words = useTranslations('admin');
  const errors = useTranslations('errors');
  const query = useQuery(meQuery);
  const signedOut = query.error instanceof ApiError && query.error.code === 'unauthenticated';
  useEffect(() => {
    if (signedOut) leaveForSignIn();
  }, [signedOut]);
  useEffect(() => hearTabs((news) => (news === 'signed-out' ? leaveForSignIn() : window.location.reload())), []);

  if (query.data?.me.user.superAdmin) return children(query.data.me);
  return (
    <main aria-busy={query.isPending} className="grid h-dvh place-items-center bg-sheet">
      {query.data && (
        <Empty
          page
          icon={Lock}
          title={words('notYours')}
          action={
            <a href="/inbox" className={buttonClass('line')}>
              {errors('toInbox')}
            </a>
          }
        >
          {words('notYoursHint')}
        </Empty>
      )}
      {query.error && !signedOut && <RowsFailed error={query.error} retry={() => void query.refetch()} />}
    </main>
  );
}
