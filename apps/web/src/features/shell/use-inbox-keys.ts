'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { useRef } from 'react';
import { undoLast } from '@/components/toast';
import { letGo } from '@/features/conversations/list-hold';
import { listWalk, neighbour, nextWaiting } from '@/features/conversations/list-walk';
import { focusComposer, focusComposerSoon, focusedPane, focusNeighbour, focusPane } from '@/lib/keyboard/panes';
import { useShortcuts } from '@/lib/keyboard/use-shortcuts';
import { openConversation, openConversationNow } from './use-open-conversation';

interface InboxKeysOptions {
  open: string | null;
  onSearch: () => void;
  onHelp: () => void;
}

/** The keys that walk the inbox. Returns how to go on to whoever waits next. */
export function useInboxKeys({ open, onSearch, onHelp }: InboxKeysOptions): { goOn: () => void } {
  const trail = useRef<string[]>([]);

  const step = (by: 1 | -1) => {
    const to = neighbour(listWalk.rows, openConversationNow(), by);
    if (!to) return;
    listWalk.goTo(to, true); // by J and K the focus stays in the list
    openConversation(to.id, { passing: true });
  };
  const write = (to: Conversation) => {
    listWalk.goTo(to, false);
    openConversation(to.id);
    focusComposerSoon(to.id);
  };
  const waiting = () => {
    const from = openConversationNow();
    const next = nextWaiting(listWalk.rows, from);
    if (next && from) trail.current.push(from);
    if (next) write(next);
    return next !== undefined;
  };
  const back = () => {
    const id = trail.current.pop();
    const row = listWalk.rows.find((each) => each.id === id);
    if (row) write(row);
    else if (id) openConversation(id);
  };
  const leave = () => {
    if (focusedPane() === 'composer') return void (focusPane('list') || focusPane('thread'));
    openConversation(null);
  };

  useShortcuts({
    next: () => step(1),
    previous: () => step(-1),
    nextWaiting: () => void waiting(),
    previousWaiting: back,
    open: open ? () => void focusComposer() : undefined,
    reply: open ? () => void focusComposer() : undefined,
    leave: open ? leave : undefined,
    search: onSearch,
    help: onHelp,
    goToInbox: () => openConversation(null),
    goToSettings: () => window.location.assign('/settings'),
    undo: undoLast,
    nextPane: () => focusNeighbour(1),
    previousPane: () => focusNeighbour(-1),
  });

  return {
    goOn: () => {
      letGo();
      if (!waiting()) openConversation(null);
    },
  };
}
