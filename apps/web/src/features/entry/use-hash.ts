'use client';

import { useSyncExternalStore } from 'react';

/**
 * What stands behind the `#` of the address: tokens do, because browsers send it to nobody. Empty without one, null
 * until the page is alive.
 */
export function useHash(): string | null {
  return useSyncExternalStore(subscribe, read, () => null);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function read(): string {
  return window.location.hash.slice(1);
}
