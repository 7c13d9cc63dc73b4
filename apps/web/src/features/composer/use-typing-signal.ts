'use client';

import { sendTyping } from '@parley/contracts/messages';
import { useRef } from 'react';
import { call } from '@/lib/api';

const EVERY_MS = 3_000;

/** Tells the customer that somebody writes, at most every three seconds. Nothing waits for it, and nobody misses it. */
export function useTypingSignal(conversationId: string, able: boolean): () => void {
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (!able || now - last.current < EVERY_MS) return;
    last.current = now;
    void call(sendTyping, { body: { conversationId } }).catch(() => undefined);
  };
}
