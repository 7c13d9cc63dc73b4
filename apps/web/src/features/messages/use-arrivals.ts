'use client';

import type { Message } from '@parley/contracts/messages';
import { useEffect, useRef, useState } from 'react';
import { findFirstUnread } from './thread-rows';

interface NewLine {
  messageId: string;
  count: number;
}

export interface Arrivals {
  /** Where "N new" stands. It stays while one reads, and moves when more comes unseen. */
  line: NewLine | null;
  /** Came in since the end went out of sight. */
  missed: number;
  /** The last that came in, to be read out. */
  latest: Message | null;
}

/**
 * Follows what comes into an open thread.
 * @param unread at the moment it was opened
 * @param looking the newest message is on the screen and somebody is there
 */
export function useArrivals(messages: readonly Message[], unread: number, looking: boolean): Arrivals {
  const [line, setLine] = useState<(NewLine & { seen: boolean }) | null>(() => {
    const first = findFirstUnread(messages, unread);
    return first && { messageId: first.messageId, count: unread, seen: false };
  });
  const [missed, setMissed] = useState(0);
  const [latest, setLatest] = useState<Message | null>(null);
  const known = useRef(messages.at(-1)?.position ?? 0);

  if (looking && (missed > 0 || line?.seen === false)) {
    setMissed(0);
    setLine(line && { ...line, seen: true });
  }

  useEffect(() => {
    const arrived = messages.filter(({ position, direction }) => position > known.current && direction === 'inbound');
    known.current = Math.max(known.current, messages.at(-1)?.position ?? 0);
    const first = arrived[0];
    if (!first) return;
    setLatest(arrived.at(-1) ?? null);
    if (looking) return;
    setMissed((count) => count + arrived.length);
    setLine((before) =>
      before && !before.seen
        ? { ...before, count: before.count + arrived.length }
        : { messageId: first.id, count: arrived.length, seen: false },
    );
  }, [messages, looking]);

  return { line, missed, latest };
}
