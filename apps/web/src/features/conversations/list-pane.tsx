'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { Search, SquarePen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useId, useMemo, useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { useMay } from '@/features/session/queries';
import { openConversation } from '@/features/shell/use-open-conversation';
import { focusComposerSoon } from '@/lib/keyboard/panes';
import { useShortcuts } from '@/lib/keyboard/use-shortcuts';
import { lateComponent } from '@/lib/late-component';
import { ConversationList } from './conversation-list';
import { ListFilters } from './list-filters';
import { ListSearch } from './list-search';
import { ListTabs } from './list-tabs';
import { listWalk } from './list-walk';
import { useView } from './use-view';
import { filterOf } from './view';

const NewConversation = lateComponent(() => import('./new-conversation').then((module) => module.NewConversation));

interface ListPaneProps {
  /** Stands before the title on a phone. */
  lead: React.ReactNode;
  /** Stands above the rows. */
  notice: React.ReactNode;
  searching: boolean;
  onSearching: (searching: boolean) => void;
  /** What one drags to make it wider. */
  edge: React.ReactNode;
}

/** Who is to be answered: tabs, filters, search, rows. */
export function ListPane({ lead, notice, searching: asked, onSearching, edge }: ListPaneProps) {
  const words = useTranslations('list');
  const view = useView();
  const filter = useMemo(() => filterOf(view), [view]);
  const [composing, setComposing] = useState(false);
  // Enter may come before the rows that it is about: what stood there before must not be taken for them.
  const [sought, setSought] = useState<{ q: string; open: boolean } | null>(null);
  const mayWrite = useMay('inbox.write');
  const panelId = useId();
  const searching = asked || view.q !== '';

  useShortcuts({ compose: mayWrite ? () => setComposing(true) : undefined });

  const takeFound = (first: Conversation | undefined) => {
    setSought(null);
    if (!first || !sought) return;
    listWalk.goTo(first, !sought.open);
    if (sought.open) {
      openConversation(first.id);
      focusComposerSoon(first.id);
    }
  };
  const label = view.q
    ? words('found', { q: view.q })
    : words('rows', { view: words(view.tab), status: words(`status.${view.status}`) });
  return (
    <section
      data-pane="list"
      id="list"
      tabIndex={-1}
      aria-label={words('label')}
      className="relative flex min-h-0 min-w-0 flex-1 flex-col outline-none"
    >
      <div className="flex h-14 flex-none items-center gap-0.5 pe-1.5 ps-4 md:h-[52px] md:pe-2.5">
        {searching ? (
          <ListSearch onEnter={(q, open) => setSought({ q, open })} onLeave={() => onSearching(false)} />
        ) : (
          <>
            {lead}
            <h1 className="min-w-0 flex-1 truncate text-title md:text-heading">{words('title')}</h1>
            <IconButton
              icon={Search}
              label={words('search')}
              shortcut="/"
              className="max-md:size-11 max-md:[&_svg]:size-5"
              onClick={() => onSearching(true)}
            />
            {mayWrite && (
              <IconButton
                icon={SquarePen}
                label={words('compose')}
                shortcut="C"
                className="max-md:size-11 max-md:[&_svg]:size-5"
                onClick={() => setComposing(true)}
              />
            )}
          </>
        )}
      </div>
      {view.q === '' && <ListTabs panelId={panelId} />}
      <ListFilters />
      {notice}
      <div id={panelId} className="relative flex min-h-0 flex-1 flex-col">
        <ConversationList
          filter={filter}
          label={label}
          showAssignee={view.tab === 'all' || view.q !== ''}
          onLoaded={sought?.q === view.q ? takeFound : undefined}
        />
      </div>
      {composing && (
        <Suspense>
          <NewConversation onClose={() => setComposing(false)} />
        </Suspense>
      )}
      {edge}
    </section>
  );
}
