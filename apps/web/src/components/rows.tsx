'use client';

import type { InfiniteData, UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDelayed } from '@/features/conversations/use-delayed';
import { Button } from './button';
import { cx } from './cx';
import { Empty } from './empty';
import { Skeleton } from './skeleton';
import { WhyNot } from './refused';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export interface RowsProps<Item> {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** What stands there instead of no rows. */
  empty: React.ReactNode;
  children: (item: Item) => React.ReactNode;
}

/** A list of which more comes when asked for, and all that can stand in its place. */
export function Rows<Item>({ label, query, empty, children }: RowsProps<Item>) {
  const words = useTranslations('common');
  if (query.isPending) return <RowSkeletons />;
  if (query.isError && !query.data) return <RowsFailed error={query.error} retry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      <ul aria-label={label} aria-busy={query.isFetching} className="border-t border-line">
        {items.map(children)}
      </ul>
      {query.hasNextPage && (
        <p className="py-3">
          <Button variant="line" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words('showMore')}
          </Button>
        </p>
      )}
      {query.isFetchNextPageError && (
        <p role="alert" className="pb-3 text-danger-ink">
          <WhyNot error={query.error} />
        </p>
      )}
    </>
  );
}

interface WholeRowsProps<Item> {
  label: string;
  query: Pick<UseQueryResult, 'error' | 'refetch'>;
  /** Of what the query holds; undefined: nothing is here yet. */
  items: Item[] | undefined;
  /** What stands there instead of no rows. */
  empty?: React.ReactNode;
  children: (item: Item) => React.ReactNode;
}

/** A list that comes whole, and all that can stand in its place. */
export function WholeRows<Item>({ label, query, items, empty, children }: WholeRowsProps<Item>) {
  if (!items)
    return query.error ? <RowsFailed error={query.error} retry={() => void query.refetch()} /> : <RowSkeletons />;
  if (items.length === 0) return empty;
  return (
    <ul aria-label={label} className="border-t border-line">
      {items.map(children)}
    </ul>
  );
}

/** Nothing for the first 150 ms, which most lists do not need. */
export function RowSkeletons() {
  const shown = useDelayed(true, 150);
  return (
    <div aria-busy className="border-t border-line">
      {[46, 34, 52].map((width) => (
        <div key={width} className="flex h-[52px] items-center gap-3 border-b border-line">
          {shown && (
            <>
              <Skeleton className="size-8 !rounded-full" />
              <span style={{ width: `${width}%` }}>
                <Skeleton className="h-2.5" />
              </span>
            </>
          )}
        </div>
      ))}
    </div>
  );
}

export function RowsFailed({ error, retry }: { error: Error; retry: () => void }) {
  const words = useTranslations('common');
  return (
    <div role="alert" className="border-t border-line">
      <Empty
        icon={CircleAlert}
        title={words('notLoaded')}
        action={
          <Button variant="line" onClick={retry}>
            {words('tryAgain')}
          </Button>
        }
      >
        <WhyNot error={error} />
      </Empty>
    </div>
  );
}

interface RowProps {
  lead?: React.ReactNode;
  title: React.ReactNode;
  /** Under the title. */
  meta?: React.ReactNode;
  /** Words in columns beside it; below it where there is no room. */
  facts?: React.ReactNode;
  /** Acts, at the end. */
  end?: React.ReactNode;
  quiet?: boolean;
  children?: React.ReactNode;
}

/** One thing of a list: who or what, what there is to know, what can be done. */
export function Row({ lead, title, meta, facts, end, quiet = false, children }: RowProps) {
  return (
    <li className={cx('border-b border-line py-1.5 hover:bg-pane', quiet && 'text-ink-3')}>
      <div className="flex min-h-10 items-center gap-3">
        {lead}
        <div className="flex min-w-0 flex-1 gap-x-4 gap-y-0.5 max-lg:flex-col lg:items-center">
          <div className="min-w-0 lg:flex-[2]">
            <div className="flex min-w-0 flex-wrap items-center gap-x-2 text-body font-medium [&>*]:min-w-0">
              {title}
            </div>
            {meta && <div className="truncate text-meta text-ink-3">{meta}</div>}
          </div>
          {facts && (
            <div className="flex min-w-0 flex-wrap gap-x-4 gap-y-0.5 max-lg:text-meta lg:flex-[3]">{facts}</div>
          )}
        </div>
        {end !== undefined && <div className="flex flex-none items-center justify-end gap-3 lg:min-w-28">{end}</div>}
      </div>
      {children}
    </li>
  );
}

/** A fact of a row; of one width, so that facts stand under each other where there is room. */
export function Fact({ label, wide = false, children }: { label?: string; wide?: boolean; children: React.ReactNode }) {
  return (
    <span className={cx('num min-w-0 text-ink-2 lg:flex-1', wide && 'lg:flex-[2]')}>
      {label && <span className="text-meta text-ink-3 lg:block">{label} </span>}
      {children}
    </span>
  );
}
