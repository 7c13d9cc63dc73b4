'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { buttonClass } from '@/components/button';
import { Icon } from '@/components/icon';
import { Rows } from '@/components/rows';
import { SectionHead } from '@/features/settings/section-head';
import { teamRoutes } from '@/features/team/routes';
import { urlOf } from '@parley/client/call';
import { call } from '@/lib/api';
import { paged } from '@/lib/paged';
import { AuditFilters, type AuditView, filterOfView } from './audit-filters';
import { AuditRow } from './audit-row';
import { NoEntries } from './no-entries';

/** Who changed what of the tenant's set-up. */
export function AuditPage() {
  const words = useTranslations('audit');
  const [view, setView] = useState<AuditView>({});
  const filter = filterOfView(view);
  const entries = useInfiniteQuery(
    paged(['audit', filter], ({ cursor, signal }) =>
      call(teamRoutes.listAudit, { query: { ...filter, cursor }, signal }),
    ),
  );
  return (
    <>
      <SectionHead
        title={words('title')}
        hint={words('hint')}
        action={
          <a
            href={urlOf(teamRoutes.exportAudit, { query: filter })}
            download="audit.ndjson"
            className={buttonClass('line')}
          >
            <Icon of={Download} />
            {words('export')}
          </a>
        }
      />
      <AuditFilters view={view} onChange={setView} byMember />
      <Rows label={words('title')} query={entries} empty={<NoEntries filtered={Object.keys(filter).length > 0} />}>
        {(entry) => <AuditRow key={entry.seq} entry={entry} />}
      </Rows>
    </>
  );
}
