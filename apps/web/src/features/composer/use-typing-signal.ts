'use client';

import { useRef } from 'react';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

const EVERY_MS = 3_000;

/** Tells the customer that somebody writes, at most every three seconds. Nothing waits for it, and nobody misses it. */
export function useTypingSignal(conversationId: string, able: boolean): () => void {
  const last = useRef(0);
  return () => {
    const now = Date.now();
    if (!able || now - last.current < EVERY_MS) return;
    last.current = now;
    void call(routes.sendTyping, { body: { conversationId } }).catch(() => undefined);
  };
}
