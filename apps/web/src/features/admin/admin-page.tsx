'use client';

import type { Me } from '@parley/contracts/me';
import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useEffect, useRef } from 'react';
import { Empty } from '@/components/empty';
import { lateComponent } from '@/lib/late-component';
import { AdminGate } from './admin-gate';
import { AdminNav } from './admin-nav';
import { type AdminPlace, useAdminPlace } from './place';

const TenantsPage = lateComponent(() => import('./tenants-page').then((module) => module.TenantsPage));
const TenantPage = lateComponent(() => import('./tenant-page').then((module) => module.TenantPage));
const AccountsPage = lateComponent(() => import('./accounts-page').then((module) => module.AccountsPage));
const DeadLettersPage = lateComponent(() => import('./dead-letters-page').then((module) => module.DeadLettersPage));
const SuperAdminsPage = lateComponent(() => import('./super-admins-page').then((module) => module.SuperAdminsPage));
const InstallAuditPage = lateComponent(() => import('./install-audit-page').then((module) => module.InstallAuditPage));

/** For who runs the install: every tenant, and nothing of what is written in one. */
export function AdminPage() {
  const words = useTranslations('admin');
  const place = useAdminPlace();
  const title = words(place.section ? `section.${place.section}` : 'title');
  useEffect(() => void (document.title = `${title} · Parley`), [title]);
  return (
    <AdminGate>
      {(me) => (
        <div className="grid h-dvh grid-cols-1 grid-rows-[auto_minmax(0,1fr)] md:grid-cols-[216px_minmax(0,1fr)] md:grid-rows-1">
          <AdminNav me={me} current={place.section} />
          <main className="min-h-0 min-w-0 overflow-y-auto bg-sheet">
            <Content key={`${place.section} ${place.tenant}`} place={place} me={me} />
          </main>
        </div>
      )}
    </AdminGate>
  );
}

/** The focus goes to what is new. */
function Content({ place, me }: { place: AdminPlace; me: Me }) {
  const words = useTranslations('errors');
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (document.activeElement !== document.body) frame.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={frame} tabIndex={-1} className="max-w-[1180px] px-4 pb-10 outline-none md:px-8">
      <Suspense>
        {place.tenant && <TenantPage id={place.tenant} />}
        {place.section === 'tenants' && !place.tenant && <TenantsPage />}
        {place.section === 'accounts' && <AccountsPage />}
        {place.section === 'dead-letters' && <DeadLettersPage />}
        {place.section === 'super-admins' && <SuperAdminsPage me={me} />}
        {place.section === 'audit' && <InstallAuditPage />}
        {place.section === null && (
          <Empty page icon={SearchX} title={words('notFoundTitle')}>
            {words('notFound')}
          </Empty>
        )}
      </Suspense>
    </div>
  );
}
