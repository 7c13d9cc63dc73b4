'use client';

import { useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Lock, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useEffect, useRef, useState } from 'react';
import { cx } from '@/components/cx';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { useMe } from '@/features/session/queries';
import { type Session, SessionGate } from '@/features/session/session-gate';
import { ConnectionBanner } from '@/features/shell/connection-banner';
import { LateHelp } from '@/features/shell/late-parts';
import { Rail } from '@/features/shell/rail';
import { useLiveInbox } from '@/features/shell/use-live-inbox';
import { useShortcuts } from '@/lib/keyboard/use-shortcuts';
import { lateComponent } from '@/lib/late-component';
import { goToSection, needsOf, type Section, useSection } from './sections';
import { SettingsNav } from './settings-nav';

const pages = {
  you: lateComponent(() => import('./you-page').then((module) => module.YouPage)),
  members: lateComponent(() => import('@/features/team/members-page').then((module) => module.MembersPage)),
  teams: lateComponent(() => import('@/features/teams/teams-page').then((module) => module.TeamsPage)),
  roles: lateComponent(() => import('@/features/team/roles-page').then((module) => module.RolesPage)),
  work: lateComponent(() => import('./work-page').then((module) => module.WorkPage)),
  labels: lateComponent(() => import('./labels-page').then((module) => module.LabelsPage)),
  company: lateComponent(() => import('./company-page').then((module) => module.CompanyPage)),
  security: lateComponent(() => import('./security-page').then((module) => module.SecurityPage)),
  keys: lateComponent(() => import('@/features/team/keys-page').then((module) => module.KeysPage)),
  audit: lateComponent(() => import('@/features/audit/audit-page').then((module) => module.AuditPage)),
};

/** What a tenant and a person set up, section by section. */
export function SettingsPage() {
  return (
    <SessionGate waiting={<main aria-busy className="h-dvh bg-sheet" />}>
      {(session, seq) => <Settings key={session.tenant.id} session={session} seq={seq} />}
    </SessionGate>
  );
}

function Settings({ session, seq }: { session: Session; seq: number }) {
  const words = useTranslations('settings');
  const client = useQueryClient();
  const asked = useSection();
  const section = asked === null ? 'you' : asked;
  const [helping, setHelping] = useState(false);
  useShortcuts({
    help: () => setHelping(true),
    goToInbox: () => window.location.assign('/inbox'),
    goToSettings: () => goToSection(null),
  });
  const { count, sound } = useLiveInbox({
    session,
    seq,
    open: null,
    page: section ? words(`section.${section}`) : words('title'),
    onEvent: ({ type }) => {
      if (type === 'member.updated') void client.invalidateQueries({ queryKey: ['team'] });
    },
  });
  return (
    <div className="grid h-dvh grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[56px_208px_minmax(0,1fr)]">
      <Rail at="settings" session={session} unread={count} onHelp={() => setHelping(true)} />
      <SettingsNav current={section ?? null} alone={asked === null} className={cx(asked !== null && 'max-md:hidden')} />
      <main className={cx('flex min-h-0 min-w-0 flex-col overflow-y-auto bg-sheet', asked === null && 'max-md:hidden')}>
        <ConnectionBanner className="flex-none" />
        {sound}
        <div className="px-4 pb-10 md:px-8">
          <BackToList />
          {section ? <OneSection key={section} section={section} /> : <Nowhere />}
        </div>
      </main>
      {helping && <LateHelp onClose={() => setHelping(false)} />}
    </div>
  );
}

/** One section, if one may; the focus goes to what is new. */
function OneSection({ section }: { section: Section }) {
  const words = useTranslations('settings');
  const frame = useRef<HTMLDivElement>(null);
  const permissions = useMe()?.permissions ?? [];
  useEffect(() => {
    if (document.activeElement !== document.body) frame.current?.focus({ preventScroll: true });
  }, []);
  const needs = needsOf(section);
  const Page = pages[section];
  return (
    <div ref={frame} tabIndex={-1} className="max-w-[1040px] outline-none">
      {needs && !permissions.includes(needs) ? (
        <Empty page icon={Lock} title={words('notYours')}>
          {words('notYoursHint')}
        </Empty>
      ) : (
        <Suspense>
          <Page />
        </Suspense>
      )}
    </div>
  );
}

function BackToList() {
  const words = useTranslations('settings');
  return (
    <button
      type="button"
      onClick={() => goToSection(null)}
      className="-ms-2 mt-2 flex min-h-11 items-center gap-2 rounded-2 px-2 text-ink-2 hover:bg-hover md:hidden"
    >
      <Icon of={ArrowLeft} />
      {words('title')}
    </button>
  );
}

function Nowhere() {
  const words = useTranslations('errors');
  return (
    <Empty page icon={SearchX} title={words('notFoundTitle')}>
      {words('notFound')}
    </Empty>
  );
}
