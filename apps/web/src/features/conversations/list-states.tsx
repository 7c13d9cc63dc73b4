'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert, Inbox, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { Skeleton } from '@/components/skeleton';
import { ApiError } from '@parley/client/api-error';
import { conversationQueries } from './queries';
import { useDelayed } from './use-delayed';
import { showView, useView } from './use-view';

/** Rows that are on their way; nothing for the first 150 ms, which most lists do not need. */
export function ListSkeleton() {
  const shown = useDelayed(true, 150);
  if (!shown) return null;
  return (
    <div aria-hidden>
      {[62, 48, 70].map((width) => (
        <div key={width} className="flex h-16 items-center gap-3 px-2.5 max-md:h-[72px] max-md:px-4">
          <Skeleton className="size-9 !rounded-full max-md:size-11" />
          <div className="grid flex-1 gap-2.5">
            <Skeleton className="h-2.5 w-[42%]" />
            <span style={{ width: `${width}%` }}>
              <Skeleton className="h-2.5" />
            </span>
          </div>
        </div>
      ))}
    </div>
  );
}

/** The list did not load. */
export function ListFailed({ error, retry }: { error: Error; retry: () => void }) {
  const words = useTranslations();
  const offline = error instanceof ApiError && error.code === 'network';
  return (
    <div role="alert">
      <Empty
        icon={CircleAlert}
        title={words('list.failed.title')}
        action={
          <Button variant="line" onClick={retry}>
            {words('common.tryAgain')}
          </Button>
        }
      >
        {words(offline ? 'errors.network' : 'errors.internal')}{' '}
        <CorrelationId id={error instanceof ApiError ? error.correlationId : null} />
      </Empty>
    </div>
  );
}

/** There is nothing to list, and what to do about it. */
export function ListEmpty() {
  const words = useTranslations('list.empty');
  const view = useView();
  const unassigned = useQuery(conversationQueries.counts()).data?.counts.unassigned ?? 0;

  if (view.q) {
    return (
      <Empty icon={SearchX} title={words('searchTitle', { q: view.q })}>
        {words('search')}
      </Empty>
    );
  }
  if (view.status !== 'open' || view.account || view.team || view.label) {
    return (
      <Empty
        icon={SearchX}
        title={words('filteredTitle')}
        action={
          <Button variant="line" onClick={() => showView({ status: 'open', account: null, team: null, label: null })}>
            {words('clearFilters')}
          </Button>
        }
      >
        {words('filtered')}
      </Empty>
    );
  }
  const seeUnassigned = view.tab === 'mine' && unassigned > 0;
  return (
    <Empty
      icon={Inbox}
      title={words(`${view.tab}Title`)}
      action={
        seeUnassigned && (
          <Button variant="line" data-pane-focus onClick={() => showView({ tab: 'unassigned' })}>
            {words('seeUnassigned')}
          </Button>
        )
      }
    >
      {view.tab === 'mine' ? words('mine', { count: unassigned }) : words(view.tab)}
    </Empty>
  );
}
