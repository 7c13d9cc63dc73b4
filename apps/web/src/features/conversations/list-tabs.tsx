'use client';

import { Tabs } from '@base-ui/react/tabs';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { conversationQueries } from './queries';
import { FilterButton } from './list-filters';
import { showView, type Tab, tabs, useView } from './view';

/** Mine, unassigned, all, with how many are open in each. */
export function ListTabs({ panelId }: { panelId: string }) {
  const words = useTranslations('list');
  const { tab } = useView();
  const counts = useQuery(conversationQueries.counts()).data?.counts;
  return (
    <div className="flex h-11 flex-none border-b border-line pr-1 pl-4 md:h-9 md:pr-4">
      <Tabs.Root value={tab} onValueChange={(next: Tab) => showView({ tab: next })} className="min-w-0 flex-1">
        <Tabs.List aria-label={words('views')} className="flex h-full gap-[18px]">
          {tabs.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              aria-controls={panelId}
              className="focus-inside relative inline-flex items-baseline gap-[5px] rounded-1 pt-3 text-body font-medium whitespace-nowrap text-ink-3 select-none hover:text-ink data-active:text-ink data-active:after:absolute data-active:after:inset-x-0 data-active:after:-bottom-px data-active:after:h-0.5 data-active:after:bg-accent md:pt-2 md:text-ui"
            >
              {words(each)} <span className="num text-meta leading-5 font-normal">{counts?.[each] ?? ''}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs.Root>
      <FilterButton className="md:hidden" />
    </div>
  );
}
