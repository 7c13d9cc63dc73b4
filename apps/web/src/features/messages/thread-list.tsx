'use client';

import type { Virtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { holds } from './album';
import { DayChip, NewLine } from './day-chip';
import { JumpToLatest } from './jump-to-latest';
import { MessageItem } from './message-item';
import { StickyDay } from './sticky-day';
import { SystemLine } from './system-line';
import type { ThreadRow } from './thread-rows';
import { useTimes } from './times';
import { TypingLine } from './typing-line';
import { focusMessage, useThreadScroll } from './use-thread-scroll';

export type ListRow = ThreadRow | { type: 'typing'; key: 'typing'; name: string | null };

/** Where a thread opens. */
export type Opening = { at: 'end' } | { at: 'new' } | { at: 'message'; messageId: string };

/** What lies beyond the messages that are loaded, and how to get there. */
export interface Edges {
  hasOlder: boolean;
  hasNewer: boolean;
  loadOlder: () => void;
  loadNewer: () => void;
  /** The last attempt to load older ones failed. */
  olderFailed: boolean;
  /** Goes to the newest message, wherever that is. */
  onLatest: () => void;
}

interface ThreadListProps extends Edges {
  rows: readonly ListRow[];
  opening: Opening;
  /** A message to bring into sight and light up; a new nonce asks again. */
  linked: { messageId: string; nonce: number } | null;
  /** Counts up when the reader wants to see the end. */
  toEnd: number;
  /** The newest message is, or is no longer, in sight. */
  onAtEnd: (atEnd: boolean) => void;
  /** The message of ours that says how far it got. */
  latestId: string | null;
  /** Arrived since the end went out of sight. */
  missed: number;
}

/** Rows from an edge at which the page beyond it is asked for. */
const NEAR_EDGE = 12;

/** The scrolling part: only what is near the screen exists; what is read stays where it is, whatever loads around it. */
export function ThreadList(props: ThreadListProps) {
  const {
    rows,
    opening,
    linked,
    toEnd,
    hasOlder,
    hasNewer,
    loadOlder,
    loadNewer,
    olderFailed,
    onLatest,
    onAtEnd,
    latestId,
    missed,
  } = props;
  const t = useTranslations('messages');
  const place = useThreadScroll({ rows, opening, linked, toEnd, hasOlder, hasNewer });
  const { scroller, virtualizer, openedAt, highlighted, atEnd, far } = place;

  useEffect(() => onAtEnd(atEnd && !hasNewer), [atEnd, hasNewer, onAtEnd]);

  const items = virtualizer.getVirtualItems();
  const [firstShown, lastShown] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => {
    if (hasOlder && !olderFailed && firstShown < NEAR_EDGE) loadOlder();
  }, [hasOlder, olderFailed, firstShown, loadOlder]);
  useEffect(() => {
    if (hasNewer && lastShown > rows.length - NEAR_EDGE) loadNewer();
  }, [hasNewer, lastShown, rows.length, loadNewer]);

  const latest = () => {
    if (hasNewer) onLatest();
    else virtualizer.scrollToEnd();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        data-pane-focus
        aria-live="off" // what comes in is announced apart; scrolling through old messages says nothing
        aria-label={t('log')}
        tabIndex={0}
        onKeyDown={(event) => moveFocus(event, virtualizer, rows)}
        className="focus-inside absolute inset-0 flex scroll-pt-11 flex-col overflow-x-hidden overflow-y-auto overscroll-contain px-6 [overflow-anchor:none] max-md:px-3"
      >
        <div className="relative mt-auto w-full flex-none" style={{ height: virtualizer.getTotalSize() }}>
          {hasOlder && (olderFailed ? <OlderFailed onRetry={loadOlder} /> : <OlderSkeleton />)}
          {items.map((item) => {
            const row = rows[item.index];
            const lit = row !== undefined && highlighted !== null && holds(row, highlighted);
            return (
              row && (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  style={{ transform: `translateY(${item.start}px)` }}
                  className={cx(
                    'absolute inset-x-0 top-0 focus-within:z-1 hover:z-1',
                    lit &&
                      '-mx-6 animate-linked px-6 [animation-timing-function:ease-in] max-md:-mx-3 max-md:px-3 motion-reduce:bg-accent-soft',
                  )}
                >
                  <Row
                    row={row}
                    latest={latestId !== null && holds(row, latestId)}
                    arriving={isArriving(row, openedAt)}
                    lit={lit ? highlighted : null}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <StickyDay virtualizer={virtualizer} rows={rows} />
      {(far || hasNewer) && <JumpToLatest count={missed} onJump={latest} />}
    </div>
  );
}

interface RowProps {
  row: ListRow;
  latest: boolean;
  arriving: boolean;
  /** The message in it that somebody was led to. */
  lit: string | null;
}

function Row({ row, latest, arriving, lit }: RowProps) {
  const t = useTranslations('messages');
  const times = useTimes();
  switch (row.type) {
    case 'day':
      return (
        <div className="flex justify-center pt-3 pb-2">
          <DayChip>{times.day(row.at)}</DayChip>
        </div>
      );
    case 'new':
      return <NewLine>{t('new', { count: row.count })}</NewLine>;
    case 'system':
      return <SystemLine message={row.message} />;
    case 'typing':
      return <TypingLine name={row.name} />;
    case 'message':
      return (
        <MessageItem
          message={row.message}
          album={row.album}
          first={row.first}
          last={row.last}
          latest={latest}
          arriving={arriving}
          lit={row.album && lit}
        />
      );
  }
}

/** Where older messages will stand; they load long before one gets here. */
function OlderSkeleton() {
  return (
    <div aria-hidden className="absolute inset-x-0 top-2 grid gap-2">
      <span className="block h-6 w-2/5 rounded-4 bg-fill" />
      <span className="block h-6 w-1/4 rounded-4 bg-fill" />
    </div>
  );
}

function OlderFailed({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations('messages');
  const common = useTranslations('common');
  return (
    <p className="absolute inset-x-0 top-3 flex justify-center gap-2 text-meta text-ink-3">
      {t('olderFailed')} <LinkButton onClick={onRetry}>{common('tryAgain')}</LinkButton>
    </p>
  );
}

/** It was written after the thread opened, and moments ago. */
function isArriving(row: ListRow, openedAt: number): boolean {
  if (row.type !== 'message' || row.album) return false;
  const created = Date.parse(row.message.createdAt);
  return created > openedAt && Date.now() - created < 1_500;
}

/** Up and down from message to message, also to those that are not on the screen yet. */
function moveFocus(
  event: React.KeyboardEvent<HTMLElement>,
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  rows: readonly ListRow[],
): void {
  const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
  const target = event.target as HTMLElement;
  const id = target.dataset.message;
  if (step === 0 || (target !== event.currentTarget && !id) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const from = id ? rows.findIndex((row) => row.key === id) : rows.length;
  for (let index = from + (id ? step : -1); index >= 0 && index < rows.length; index += step) {
    const row = rows[index];
    if (row?.type !== 'message') continue;
    virtualizer.scrollToIndex(index, { align: 'auto' });
    focusMessage(event.currentTarget, row.key);
    return;
  }
}
