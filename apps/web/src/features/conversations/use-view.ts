'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { readView, type View, viewSearch } from './view';

/** What the list shows, by the address. */
export function useView(): View {
  const params = useSearchParams();
  return useMemo(() => readView(new URLSearchParams(params)), [params]);
}

/** Changes what the list shows, in the address alone. */
export function showView(change: Partial<View>): void {
  const view = { ...readView(new URLSearchParams(window.location.search)), ...change };
  window.history.replaceState(null, '', window.location.pathname + viewSearch(view));
}
