'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { useEffect, useState } from 'react';
import { nextChangeMs, type WindowState, windowState } from './window-state';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Whether free text may be sent, as it changes with the clock. For composer, header and list. */
export function useWindow(conversation: Pick<Conversation, 'window'>): WindowState {
  const { window } = conversation;
  const [now, setNow] = useState(() => Date.now());
  const closesAt = window?.closesAt ?? null;

  useEffect(() => {
    const wait = nextChangeMs({ closesAt }, Date.now());
    if (wait === null) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(wait, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [closesAt, now]);

  // A new window may have begun since the last tick.
  return windowState(window, Math.max(now, Date.now()));
}
