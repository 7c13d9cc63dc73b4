'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Rows } from '@/components/rows';
import { AuditFilters, type AuditView, filterOfView } from '@/features/audit/audit-filters';
import { AuditRow } from '@/features/audit/audit-row';
import { NoEntries } from '@/features/audit/no-entries';
import { SectionHead } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { paged } from '@/lib/paged';
import { adminRoutes } from './routes';

/** What was changed of the install itself. */
export function InstallAuditPage() {
  const words = useTranslations('admin');
  const [view, setView] = useState<AuditView>({});
  const filter = filterOfView(view);
  const entries = useInfiniteQuery(
    paged(['admin', 'audit', filter], ({ cursor, signal }) =>
      call(adminRoutes.listInstallAudit, { query: { ...filter, cursor }, signal }),
    ),
  );
  return (
    <>
      <SectionHead title={words('section.audit')} hint={words('auditHint')} />
      <AuditFilters view={view} onChange={setView} />
      <Rows
        label={words('section.audit')}
        query={entries}
        empty={<NoEntries filtered={Object.keys(filter).length > 0} />}
      >
        {(entry) => <AuditRow key={entry.seq} entry={entry} />}
      </Rows>
    </>
  );
}
