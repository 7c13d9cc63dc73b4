'use client';

import { useEffect, useRef, useState } from 'react';
import { isFailed } from './message-status';
import type { ThreadMessage } from './thread-rows';

/** The message of ours that failed last while the thread was open, to be read out. */
export function useLatestFailure(messages: readonly ThreadMessage[]): ThreadMessage | null {
  const [latest, setLatest] = useState<ThreadMessage | null>(null);
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    const failed = messages.filter(isFailed);
    const before = known.current;
    const fresh = before && failed.findLast(({ id }) => !before.has(id));
    // Those of older pages come into sight, they do not fail now.
    if (fresh && Date.now() - Date.parse(fresh.delivery?.at ?? fresh.createdAt) < 60_000) setLatest(fresh);
    known.current = new Set(failed.map(({ id }) => id));
  }, [messages]);
  return latest;
}
