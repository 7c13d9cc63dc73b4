'use client';

import { usePathname } from 'next/navigation';

/** The conversation that the address names, or null for the list alone. */
export function useOpenConversation(): string | null {
  return conversationIn(usePathname());
}

/** The same at this very moment: what is drawn may be a key press behind. */
export function openConversationNow(): string | null {
  return conversationIn(window.location.pathname);
}

function conversationIn(path: string): string | null {
  return path.match(/^\/inbox\/([^/]+)/)?.[1] ?? null;
}

/**
 * Opens a conversation (null: the list) without asking the server for a page. Back leads here again; walking through
 * the list (`passing`) leaves no such trail.
 */
export function openConversation(id: string | null, { passing = false }: { passing?: boolean } = {}): void {
  const path = id === null ? '/inbox' : `/inbox/${id}`;
  if (window.location.pathname === path) return;
  if (!window.location.pathname.startsWith('/inbox')) return window.location.assign(path); // another page
  const url = path + window.location.search;
  if (passing) window.history.replaceState(null, '', url);
  else window.history.pushState(null, '', url);
}
