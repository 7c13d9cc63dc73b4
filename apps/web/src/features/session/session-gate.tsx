'use client';

import type { Me } from '@parley/contracts/me';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useEffect } from 'react';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { ApiError } from '@parley/client/api-error';
import { lateComponent } from '@/lib/late-component';
import { meQuery, SignedInProvider } from './queries';
import { leaveForSignIn } from './sign-out';
import { hearTabs } from './tabs';
import { TenantChoice } from './tenant-choice';

/** Somebody who is signed in, in a tenant. */
export type Session = Me & { tenant: NonNullable<Me['tenant']>; memberId: string };

interface SessionGateProps {
  /** What shows until it is known who looks. */
  waiting: React.ReactNode;
  children: (session: Session, seq: number) => React.ReactNode;
}

/** Lets in who is signed in and stands in a tenant; others are led there. */
export function SessionGate({ waiting, children }: SessionGateProps) {
  const query = useQuery(meQuery);
  const signedOut = query.error instanceof ApiError && query.error.code === 'unauthenticated';

  useEffect(() => {
    if (signedOut) leaveForSignIn();
  }, [signedOut]);
  useEffect(
    () => hearTabs((news) => (news === 'signed-out' ? leaveForSignIn() : window.location.assign('/inbox'))),
    [],
  );

  if (query.data) {
    const { me, seq } = query.data;
    if (!isSession(me)) return <TenantChoice me={me} />;
    return (
      <SignedInProvider value={me}>
        <Impersonated session={me}>{children(me, seq)}</Impersonated>
      </SignedInProvider>
    );
  }
  return query.error && !signedOut ? <Failed error={query.error} retry={() => void query.refetch()} /> : waiting;
}

const ImpersonationBar = lateComponent(() => import('./impersonation-bar').then((module) => module.ImpersonationBar));

/** A page under the bar of who acts as somebody else: nothing of the page shows before the bar does, or stands over it. */
function Impersonated({ session, children }: { session: Session; children: React.ReactNode }) {
  if (!session.impersonation) return children;
  return (
    <Suspense>
      <div className="flex h-dvh flex-col">
        <ImpersonationBar session={session} />
        <div className="flex min-h-0 flex-1 flex-col [contain:layout] *:min-h-0">{children}</div>
      </div>
    </Suspense>
  );
}

function isSession(me: Me): me is Session {
  return me.tenant !== null && me.memberId !== null;
}

function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const words = useTranslations();
  const offline = error instanceof ApiError && error.code === 'network';
  return (
    <main className="grid h-full place-items-center bg-sheet">
      <Empty
        page
        icon={CircleAlert}
        title={words('shell.notLoaded')}
        action={
          <Button variant="line" onClick={retry}>
            {words('common.tryAgain')}
          </Button>
        }
      >
        {words(offline ? 'errors.network' : 'errors.internal')}{' '}
        <CorrelationId id={error instanceof ApiError ? error.correlationId : null} />
      </Empty>
    </main>
  );
}
