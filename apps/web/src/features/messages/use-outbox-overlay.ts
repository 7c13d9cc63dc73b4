'use client';

import type { Message } from '@parley/contracts/messages';
import { useEffect, useMemo } from 'react';
import { useOutbox, useOutboxEntries } from '../composer/use-outbox';
import { type Author, mergeOutbox, shownEntries } from './merge-outbox';
import type { ThreadMessage } from './thread-rows';

/** An own reaction that the server took but never showed was refused by the provider: it goes, as it would on a fresh page. */
const REACTION_MS = 30_000;

/** Lays what is on its way out over the server's thread, and tells the outbox what the thread shows by now. */
export function useOutboxOverlay(
  conversationId: string,
  server: readonly Message[],
  author: Author,
  atNewest: boolean,
) {
  const outbox = useOutbox();
  const entries = useOutboxEntries(conversationId);

  useEffect(() => {
    const shown = shownEntries(server, entries);
    if (shown.size > 0) outbox?.shown(shown);
  }, [outbox, server, entries]);

  useEffect(() => {
    const accepted = entries.filter(({ content, state }) => content.type === 'reaction' && state === 'accepted');
    if (accepted.length === 0) return;
    const timer = setTimeout(() => outbox?.shown(new Set(accepted.map(({ messageId }) => messageId))), REACTION_MS);
    return () => clearTimeout(timer);
  }, [outbox, entries]);

  const { memberId, name } = author;
  const merged = useMemo((): readonly ThreadMessage[] => {
    // Where newer messages are not loaded, what was just written does not follow the last one shown.
    const over = atNewest ? entries : entries.filter(({ content }) => content.type === 'reaction');
    return mergeOutbox(server, over, { memberId, name });
  }, [server, entries, memberId, name, atNewest]);

  const lastWritten = entries.findLast(({ content }) => content.type !== 'reaction')?.messageId ?? null;
  return { messages: merged, lastWritten };
}
