'use client';

import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { useMay } from '@/features/session/queries';
import { type Session, SessionGate } from '@/features/session/session-gate';
import { SettingsNav } from '@/features/settings/settings-nav';
import { ConnectionBanner } from '@/features/shell/connection-banner';
import { LateHelp } from '@/features/shell/late-parts';
import { Rail } from '@/features/shell/rail';
import { useLiveInbox } from '@/features/shell/use-live-inbox';
import { AccountDock } from './account-dock';
import { AccountTable } from './account-table';
import { settingsQuery } from './account-queries';
import { ConnectDock } from './connect-dock';
import { usePlace } from './use-place';

/** What is connected, how it is, and connecting more. */
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
    <div className="grid h-dvh grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[56px_208px_minmax(0,1fr)] lg:grid-cols-[56px_208px_minmax(0,1fr)_auto]">
      <Rail at="accounts" session={session} unread={count} onHelp={() => setHelping(true)} />
      <SettingsNav current="accounts" alone={false} className="max-md:hidden" />
      <main className="flex min-h-0 min-w-0 flex-col overflow-y-auto bg-sheet">
        <ConnectionBanner className="flex-none" />
        {sound}
        <BackToSettings />
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
  );
}

/** On a phone the settings are a page of their own. */
function BackToSettings() {
  const words = useTranslations('settings');
  return (
    <a
      href="/settings"
      className="mx-2 mt-2 flex min-h-11 items-center gap-2 rounded-2 px-2 text-ink-2 hover:bg-hover md:hidden"
    >
      <Icon of={ArrowLeft} />
      {words('title')}
    </a>
  );
}
