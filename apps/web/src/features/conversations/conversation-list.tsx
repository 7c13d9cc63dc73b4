'use client';

import type { Conversation, ConversationFilter } from '@parley/contracts/conversations';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useEffect, useEffectEvent, useState } from 'react';
import { Icon } from '@/components/icon';
import { openConversation, openConversationNow, useOpenConversation } from '@/features/shell/use-open-conversation';
import { useMediaQuery } from '@/lib/use-media-query';
import { letGo, useHeldList } from './list-hold';
import { ListEmpty, ListFailed, ListSkeleton } from './list-states';
import { listWalk, neighbour } from './list-walk';
import type { ListPage } from '@/lib/realtime/conversation-lists';
import { conversationQueries } from './queries';
import { RowLink } from './row-link';
import { useHolding } from './use-holding';
import { useRowFacts } from './use-row-facts';
import { useRowWindow } from './use-row-window';

/** Pages are asked for this many rows before their place comes into view. */
const AHEAD = 20;

interface ConversationListProps {
  filter: ConversationFilter;
  label: string;
  /** Whose is each: only where it differs from row to row. */
  showAssignee: boolean;
  /** Gets the first row as soon as there are rows of this filter; undefined where it lets nothing through. */
  onLoaded?: (first: Conversation | undefined) => void;
}

/** The rows that a filter lets through. Another filter is another list, read from its top. */
export function ConversationList({ filter, ...props }: ConversationListProps) {
  const { data, error, isPending, refetch, ...query } = useInfiniteQuery(conversationQueries.list(filter));
  if (isPending) return <ListSkeleton />;
  if (!data) return <ListFailed error={error ?? new Error()} retry={() => void refetch()} />;
  const older = {
    exist: query.hasNextPage,
    due: query.hasNextPage && !query.isFetching && !query.isFetchNextPageError,
    coming: query.isFetchingNextPage,
    failed: query.isFetchNextPageError ? error : null,
    load: query.fetchNextPage,
  };
  return <LoadedList key={JSON.stringify(filter)} pages={data.pages} older={older} {...props} />;
}

interface LoadedListProps extends Omit<ConversationListProps, 'filter'> {
  pages: readonly ListPage[];
  /** What lies below the last page. */
  older: {
    exist: boolean;
    /** They may be asked for now. */
    due: boolean;
    coming: boolean;
    failed: Error | null;
    load: () => Promise<unknown>;
  };
}

/**
 * As many rows as are in view. Order and membership stand still while the pointer or the focus is in here; what waits is
 * counted on a pill. One row takes part in the tab order; arrows and J/K walk.
 */
function LoadedList({ label, showAssignee, onLoaded, pages, older }: LoadedListProps) {
  const words = useTranslations('list');
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const { holding, holdProps } = useHolding(scroller);
  const { shown, waiting } = useHeldList(pages, holding);
  const rowHeight = useMediaQuery('(width < 768px)') ? 72 : 64;
  const { first, end, reveal } = useRowWindow(scroller, shown.length, rowHeight);
  const open = useOpenConversation();
  const factsOf = useRowFacts();
  const search = useSearchParams().toString();
  const [walked, setWalked] = useState<string | null>(null);
  const active = walked ?? open ?? shown[0]?.id ?? null;

  const { due, load } = older;
  useEffect(() => {
    if (due && end > shown.length - AHEAD) void load();
  }, [due, load, end, shown.length]);

  const goTo = (to: Conversation, focus: boolean) => {
    setWalked(to.id);
    reveal(shown.findIndex((each) => each.id === to.id));
    if (focus) focusRow(scroller, to.id);
  };
  const walkTo = useEffectEvent(goTo);
  useEffect(() => {
    if (open === openConversationNow()) setWalked(open); // not one of those that were passed on the way
  }, [open]);
  useEffect(() => listWalk.offer({ rows: shown, goTo: (to, focus) => walkTo(to, focus) }), [shown]);

  const isAsked = onLoaded !== undefined;
  const tellLoaded = useEffectEvent(() => onLoaded?.(shown[0]));
  useEffect(() => {
    if (isAsked) tellLoaded();
  }, [isAsked, shown]);

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
              scroller?.scrollTo({ top: 0 });
            }}
          >
            <Icon of={ArrowUp} size={12} />
            {words('updated', { count: waiting })}
          </button>
        </div>
      )}
      <div
        ref={setScroller}
        role="listbox"
        aria-label={label}
        aria-busy={older.coming}
        className="min-h-0 flex-1 scroll-py-1 overflow-y-auto overscroll-contain px-1.5 max-md:px-0 max-md:pt-1.5"
        {...holdProps}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className="relative" style={{ height: shown.length * rowHeight }}>
          {shown.slice(first, end).map((conversation, index) => (
            <RowLink
              key={conversation.id}
              conversation={conversation}
              factsOf={factsOf}
              search={search}
              position={first + index + 1}
              // -1: more than what is loaded
              size={older.exist ? -1 : shown.length}
              start={(first + index) * rowHeight}
              selected={conversation.id === open}
              active={conversation.id === active}
              showAssignee={showAssignee}
              className={first + index > 0 ? hairline : undefined}
            />
          ))}
        </div>
        {older.coming && <ListSkeleton />}
        {older.failed && <ListFailed error={older.failed} retry={() => void older.load()} />}
      </div>
    </>
  );
}

/** On a phone, from where the text begins. */
const hairline =
  'max-md:before:absolute max-md:before:top-0 max-md:before:end-0 max-md:before:start-[72px] max-md:before:h-px max-md:before:bg-line';

/** The row may come into being with this very scroll. */
function focusRow(scroller: HTMLElement | null, id: string, tries = 5): void {
  const row = scroller?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(scroller, id, tries - 1));
}
