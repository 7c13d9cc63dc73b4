'use client';

import { Suspense, useEffect } from 'react';
import { HeaderSkeleton } from '@/features/conversations/header-skeleton';
import { lateComponent } from '@/lib/late-component';
import { patiently } from '@/lib/patiently';
import { useIdle } from '@/lib/use-idle';
import { Main } from './main';

/*
 * Parts that the list can do without. They are fetched in the first quiet moment, or at once when the address asks for
 * a conversation, so that opening one waits for nothing.
 */
const loadInbox = () => import('./inbox-parts');
const OpenConversation = lateComponent(() => loadInbox().then((module) => module.OpenConversation));
const OutboxKeeper = lateComponent(() => loadInbox().then((module) => module.OutboxKeeper));
const HelpDialog = lateComponent(() => import('./help-dialog').then((module) => module.HelpDialog));
const AccountsMenu = {
  inbox: lateComponent(() => loadInbox().then((module) => module.AccountsMenu)),
  elsewhere: lateComponent(() => import('./accounts-menu').then((module) => module.AccountsMenu)),
};

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
export function LateAccounts({ at, className }: { at: keyof typeof AccountsMenu; className: string }) {
  const Menu = AccountsMenu[at];
  return (
    useIdle() && (
      <Suspense>
        <Menu className={className} />
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
    if (due) void patiently(loadInbox).catch(() => undefined); // whoever opens one asks again
  }, [due]);
}
