'use client';

import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Lock, Plug } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { ImpersonationBar } from '@/features/session/impersonation-bar';
import { useMay } from '@/features/session/queries';
import { type Session, SessionGate } from '@/features/session/session-gate';
import { ConnectionBanner } from '@/features/shell/connection-banner';
import { LateHelp } from '@/features/shell/late-parts';
import { Rail } from '@/features/shell/rail';
import { useLiveInbox } from '@/features/shell/use-live-inbox';
import { AccountDock } from './account-dock';
import { AccountTable } from './account-table';
import { settingsQuery } from './account-queries';
import { ConnectDock } from './connect-dock';
import { usePlace } from './use-place';

/** Settings, of which there are the accounts yet: what is connected, how it is, and connecting more. */
export function AccountsPage() {
  return (
    <SessionGate waiting={<main aria-busy className="h-dvh bg-sheet" />}>
      {(session, seq) => <Settings key={session.tenant.id} session={session} seq={seq} />}
    </SessionGate>
  );
}

function Settings({ session, seq }: { session: Session; seq: number }) {
  const words = useTranslations('accounts');
  const client = useQueryClient();
  const place = usePlace();
  const [helping, setHelping] = useState(false);
  const { count, sound } = useLiveInbox({
    session,
    seq,
    open: null,
    page: words('title'),
    onEvent: (event) => {
      if (event.type === 'account.updated') void client.invalidateQueries(settingsQuery(event.account.id));
    },
  });
  const mayManage = useMay('account.manage');
  return (
    <div className="flex h-dvh flex-col">
      <ImpersonationBar session={session} />
      <div className="grid min-h-0 flex-1 grid-cols-1 grid-rows-[auto_minmax(0,1fr)] md:grid-cols-[56px_minmax(0,1fr)] md:grid-rows-[minmax(0,1fr)] lg:grid-cols-[56px_208px_minmax(0,1fr)_auto]">
        <Rail at="accounts" session={session} unread={count} onHelp={() => setHelping(true)} />
        <SettingsNav />
        <main className="flex min-h-0 min-w-0 flex-col overflow-y-auto bg-sheet">
          <ConnectionBanner className="flex-none" />
          {sound}
          {mayManage ? (
            <AccountTable openId={place.at === 'account' ? place.id : null} />
          ) : (
            <Empty icon={Lock} title={words('notYours')}>
              {words('notYoursHint')}
            </Empty>
          )}
        </main>
        {mayManage && place.at === 'connect' && <ConnectDock key={place.provider} provider={place.provider} />}
        {mayManage && place.at === 'account' && (
          <AccountDock key={place.id} id={place.id} step={place.step} fresh={place.fresh} />
        )}
        {helping && <LateHelp onClose={() => setHelping(false)} />}
      </div>
    </div>
  );
}

function SettingsNav() {
  const words = useTranslations('accounts');
  return (
    <nav
      aria-label={words('settings')}
      className="flex items-center gap-2 border-line bg-pane px-2 max-lg:border-b max-md:h-14 max-md:bg-sheet md:max-lg:hidden lg:block lg:border-e lg:py-4"
    >
      <a
        href="/inbox"
        className="flex items-center gap-2 rounded-2 px-2 py-1.5 text-ink-2 hover:bg-hover max-md:min-h-11 lg:mb-2"
      >
        <Icon of={ArrowLeft} />
        <span>{words('toInbox')}</span>
      </a>
      <p className="px-2 pb-2 text-heading max-lg:hidden">{words('settings')}</p>
      <a
        href="/accounts"
        aria-current="page"
        className="flex items-center gap-2 rounded-2 bg-accent-soft px-2 py-1.5 font-medium text-accent-ink max-lg:hidden"
      >
        <Icon of={Plug} />
        {words('title')}
      </a>
    </nav>
  );
}
