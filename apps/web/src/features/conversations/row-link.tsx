'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { memo } from 'react';
import { cx } from '@/components/cx';
import { openConversation } from '@/features/shell/use-open-conversation';
import { focusComposerSoon } from '@/lib/keyboard/panes';
import { ConversationRow } from './conversation-row';
import type { RowFacts } from './use-row-facts';

interface RowLinkProps {
  conversation: Conversation;
  factsOf: (conversation: Conversation) => RowFacts;
  /** Of the address, so that a tab of its own shows the same list. */
  search: string;
  position: number;
  size: number;
  /** Pixels from the top of all rows. */
  start: number;
  selected: boolean;
  /** The one row that Tab reaches. */
  active: boolean;
  showAssignee: boolean;
  className?: string;
}

/** A row in its place: a link that is an option of the list. */
export const RowLink = memo(function RowLink(props: RowLinkProps) {
  const { conversation, factsOf, search, position, size, start, selected, active, showAssignee, className } = props;
  const { assignee, ...rest } = factsOf(conversation);
  return (
    <a
      href={`/inbox/${conversation.id}${search && `?${search}`}`}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={size}
      tabIndex={active ? 0 : -1}
      data-conversation={conversation.id}
      data-pane-focus={active ? '' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return; // a tab of its own
        event.preventDefault();
        openConversation(conversation.id);
        focusComposerSoon(conversation.id);
      }}
      style={{ transform: `translateY(${start}px)` }}
      className={cx(
        'focus-inside absolute inset-x-0 top-0 flex h-16 items-center gap-3 rounded-3 px-2.5 max-md:h-[72px] max-md:rounded-none max-md:px-4',
        selected ? 'bg-accent-soft' : 'hover:bg-hover',
        className,
      )}
    >
      <ConversationRow
        conversation={conversation}
        assignee={showAssignee ? assignee : undefined}
        selected={selected}
        {...rest}
      />
    </a>
  );
});
