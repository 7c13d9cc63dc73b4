'use client';

import { useCallback, useSyncExternalStore } from 'react';

const shares = new Map<string, number>();
const listeners = new Set<() => void>();

/** How much of a message's file has left, from 0 to 1; null: nothing leaves any more. */
export function tellProgress(messageId: string, share: number | null): void {
  if (share === null) shares.delete(messageId);
  else shares.set(messageId, share);
  for (const listener of listeners) listener();
}

/** Null: it is not leaving from this tab, or not yet. */
export function useUploadProgress(messageId: string): number | null {
  const get = useCallback(() => shares.get(messageId) ?? null, [messageId]);
  return useSyncExternalStore(subscribe, get, () => null);
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
