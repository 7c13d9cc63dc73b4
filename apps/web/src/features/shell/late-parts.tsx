'use client';

import { lazy, Suspense, useEffect } from 'react';
import { HeaderSkeleton } from '@/features/conversations/header-skeleton';
import { patiently } from '@/lib/patiently';
import { useIdle } from '@/lib/use-idle';
import { Main } from './main';

/*
 * Parts that the list can do without. They are fetched in the first quiet moment, or at once when the address asks for
 * a conversation, so that opening one waits for nothing.
 */
const loadThread = () => patiently(() => import('./open-conversation'));
const OpenConversation = lazy(() => loadThread().then((module) => ({ default: module.OpenConversation })));
const HelpDialog = lazy(() =>
  patiently(() => import('./help-dialog')).then((module) => ({ default: module.HelpDialog })),
);
const AccountsMenu = lazy(() =>
  patiently(() => import('./accounts-menu')).then((module) => ({ default: module.AccountsMenu })),
);
const OutboxKeeper = lazy(() =>
  patiently(() => import('@/features/composer/use-outbox')).then((module) => ({ default: module.OutboxKeeper })),
);

/** The open conversation, with its frame until its parts are here. */
export function LateConversation(props: { id: string; onResolved: () => void }) {
  const frame = (
    <Main>
      <HeaderSkeleton />
    </Main>
  );
  return (
    <Suspense fallback={frame}>
      <OpenConversation {...props} />
    </Suspense>
  );
}

export function LateHelp({ onClose }: { onClose: () => void }) {
  return (
    <Suspense>
      <HelpDialog onClose={onClose} />
    </Suspense>
  );
}

/** Its place is kept by the caller. */
export function LateAccounts({ className }: { className: string }) {
  return (
    useIdle() && (
      <Suspense>
        <AccountsMenu className={className} />
      </Suspense>
    )
  );
}

/** Sends what an earlier page left behind. */
export function LateOutbox() {
  return (
    useIdle() && (
      <Suspense>
        <OutboxKeeper />
      </Suspense>
    )
  );
}

/** Fetches what opening a conversation needs: `now`, or in a quiet moment. */
export function useThreadParts(now: boolean): void {
  const due = useIdle() || now;
  useEffect(() => {
    if (due) void loadThread().catch(() => undefined); // whoever opens one asks again
  }, [due]);
}
