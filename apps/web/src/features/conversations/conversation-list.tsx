'use client';

import type { Conversation, ConversationFilter } from '@parley/contracts/conversations';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { openConversation, openConversationNow, useOpenConversation } from '@/features/shell/use-open-conversation';
import { useMediaQuery } from '@/lib/use-media-query';
import { letGo, useHeldList } from './list-hold';
import { listWalk, neighbour } from './list-walk';
import { ListEmpty, ListFailed, ListSkeleton } from './list-states';
import { conversationQueries } from './queries';
import { RowLink } from './row-link';
import { useHolding } from './use-holding';
import { useRowFacts } from './use-row-facts';

/** Pages are asked for this many rows before their place comes into view. */
const AHEAD = 20;

interface ConversationListProps {
  id: string;
  filter: ConversationFilter;
  label: string;
  /** Whose is each: only where it differs from row to row. */
  showAssignee: boolean;
  /** Gets the first row as soon as there are rows of this filter; undefined where it lets nothing through. */
  onLoaded?: (first: Conversation | undefined) => void;
}

/**
 * The rows, as many as are in view. Order and membership stand still while the pointer or the focus is in here; what
 * waits is counted on a pill. One row takes part in the tab order; arrows and J/K walk.
 */
export function ConversationList({ id, filter, label, showAssignee, onLoaded }: ConversationListProps) {
  const words = useTranslations('list');
  const query = useInfiniteQuery(conversationQueries.list(filter));
  const live = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const scroller = useRef<HTMLDivElement>(null);
  const { holding, holdProps } = useHolding(scroller);
  const { shown, waiting } = useHeldList(live, holding, JSON.stringify(filter));
  const rowHeight = useMediaQuery('(width < 768px)') ? 72 : 64;
  const open = useOpenConversation();
  const factsOf = useRowFacts();
  const search = useSearchParams().toString();
  const [walked, setWalked] = useState<string | null>(null);
  const active = walked ?? open ?? shown[0]?.id ?? null;

  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: 6,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError && last >= shown.length - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage, last, shown.length]);
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const goTo = (to: Conversation, focus: boolean) => {
    const index = shown.findIndex((each) => each.id === to.id);
    setWalked(to.id);
    virtual.scrollToIndex(index, { align: 'auto' });
    if (focus) focusRow(scroller, to.id);
  };
  const walkTo = useEffectEvent(goTo);
  useEffect(() => {
    if (open === openConversationNow()) setWalked(open); // not one of those that were passed on the way
  }, [open]);
  useEffect(() => listWalk.offer({ rows: shown, goTo: (to, focus) => walkTo(to, focus) }), [shown]);

  const tellLoaded = useEffectEvent(() => onLoaded?.(shown[0]));
  const [isAsked, isLoaded] = [onLoaded !== undefined, query.isSuccess];
  useEffect(() => {
    if (isAsked && isLoaded) tellLoaded();
  }, [isAsked, isLoaded, shown]);

  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = {
      ArrowDown: neighbour(shown, active, 1),
      ArrowUp: neighbour(shown, active, -1),
      Home: shown[0],
      End: shown.at(-1),
    }[event.key];
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goTo(to, true);
    openConversation(to.id, { passing: true });
  };

  if (query.isPending) return <ListSkeleton />;
  if (query.isError && !query.data) return <ListFailed error={query.error} retry={() => void query.refetch()} />;
  if (shown.length === 0) return <ListEmpty />;

  return (
    <>
      {waiting > 0 && (
        <div className="pointer-events-none absolute inset-x-0 top-1 z-10 flex justify-center">
          <button
            type="button"
            className="pointer-events-auto inline-flex h-[26px] items-center gap-[5px] rounded-full bg-accent px-2.5 text-meta font-medium text-on-accent shadow-menu hover:bg-accent-hover"
            onClick={() => {
              letGo();
              virtual.scrollToOffset(0);
            }}
          >
            <Icon of={ArrowUp} size={12} />
            {words('updated', { count: waiting })}
          </button>
        </div>
      )}
      <div
        ref={scroller}
        id={id}
        role="listbox"
        aria-label={label}
        aria-busy={query.isFetchingNextPage}
        className="min-h-0 flex-1 scroll-py-1 overflow-y-auto overscroll-contain px-1.5 max-md:px-0 max-md:pt-1.5"
        {...holdProps}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {visible.map(({ index, start }) => {
            const conversation = shown[index];
            return (
              conversation && (
                <RowLink
                  key={conversation.id}
                  conversation={conversation}
                  factsOf={factsOf}
                  search={search}
                  position={index + 1}
                  // -1: more than what is loaded
                  size={hasNextPage ? -1 : shown.length}
                  start={start}
                  selected={conversation.id === open}
                  active={conversation.id === active}
                  showAssignee={showAssignee}
                  className={cx(
                    index > 0 &&
                      'max-md:before:absolute max-md:before:top-0 max-md:before:end-0 max-md:before:start-[72px] max-md:before:h-px max-md:before:bg-line',
                  )}
                />
              )
            );
          })}
        </div>
        {query.isFetchingNextPage && <ListSkeleton />}
        {isFetchNextPageError && <ListFailed error={query.error ?? new Error()} retry={() => void fetchNextPage()} />}
      </div>
    </>
  );
}

/** The row may come into being with this very scroll. */
function focusRow(scroller: React.RefObject<HTMLDivElement | null>, id: string, tries = 5): void {
  const row = scroller.current?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(scroller, id, tries - 1));
}
