'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Tabs } from '@/components/tabs';
import { FilterButton } from './list-filters';
import { conversationQueries } from './queries';
import { showView, useView } from './use-view';
import { tabs } from './view';

/** Mine, unassigned, all, with how many are open in each. */
export function ListTabs({ panelId }: { panelId: string }) {
  const words = useTranslations('list');
  const { tab } = useView();
  const counts = useQuery(conversationQueries.counts()).data?.counts;
  return (
    <div className="flex h-11 flex-none border-b border-line pe-1 ps-4 md:h-9 md:pe-4">
      <div className="min-w-0 flex-1">
        <Tabs
          label={words('views')}
          panelId={panelId}
          value={tab}
          onChange={(next) => showView({ tab: next })}
          tabs={tabs.map((value) => ({ value, name: words(value), count: counts?.[value] }))}
        />
      </div>
      <FilterButton className="md:hidden" />
    </div>
  );
}
