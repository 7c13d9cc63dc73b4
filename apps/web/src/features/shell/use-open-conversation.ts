'use client';

import { usePathname } from 'next/navigation';

/** The conversation that the address names, or null for the list alone. */
export function useOpenConversation(): string | null {
  return usePathname().match(/^\/inbox\/([^/]+)/)?.[1] ?? null;
}

/** Opens a conversation (null: the list) without asking the server for a page; Back leads here again. */
export function openConversation(id: string | null): void {
  const path = id === null ? '/inbox' : `/inbox/${id}`;
  if (window.location.pathname !== path) window.history.pushState(null, '', path + window.location.search);
}
