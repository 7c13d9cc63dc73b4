'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { createDrafts, type Draft, type Drafts, type DraftStorage } from './drafts';
import { useMemberScope } from './use-member-scope';

const PREFIX = 'parley:draft';
const stores = new Map<string, Drafts>();

/** What this member has begun to write there, half a second behind the keys; null: nothing. */
export function useDraft(conversationId: string): Draft | null {
  const drafts = useDrafts();
  const get = useCallback(() => drafts?.saved(conversationId) ?? null, [drafts, conversationId]);
  return useSyncExternalStore(useSubscribe(drafts), get, () => null);
}

/** The same with every key, for the composer. */
export function useLiveDraft(conversationId: string): Draft | null {
  const drafts = useDrafts();
  const get = useCallback(() => drafts?.live(conversationId) ?? null, [drafts, conversationId]);
  return useSyncExternalStore(useSubscribe(drafts), get, () => null);
}

/** The drafts of whoever is signed in; null until that is known. */
export function useDrafts(): Drafts | null {
  const scope = useMemberScope();
  return scope === null ? null : draftsOf(scope);
}

function useSubscribe(drafts: Drafts | null): (changed: () => void) => () => void {
  return useCallback((changed) => drafts?.subscribe(changed) ?? (() => undefined), [drafts]);
}

function draftsOf(scope: string): Drafts {
  let drafts = stores.get(scope);
  if (!drafts) {
    drafts = createDrafts(browserStorage(`${PREFIX}:${scope}:`), (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    });
    stores.set(scope, drafts);
    const { flush } = drafts;
    window.addEventListener('pagehide', flush);
    document.addEventListener('visibilitychange', flush); // a phone may never come back to this page
  }
  return drafts;
}

function browserStorage(prefix: string): DraftStorage {
  return {
    read(conversationId) {
      try {
        return localStorage.getItem(prefix + conversationId);
      } catch {
        return null;
      }
    },
    write(conversationId, text) {
      try {
        if (text === null) localStorage.removeItem(prefix + conversationId);
        else localStorage.setItem(prefix + conversationId, text);
      } catch {
        // storage is refused or full: the draft lives as long as the tab
      }
    },
    subscribe(changed) {
      const onStorage = (event: StorageEvent) => {
        if (event.key?.startsWith(prefix)) changed(event.key.slice(prefix.length));
      };
      window.addEventListener('storage', onStorage);
      return () => window.removeEventListener('storage', onStorage);
    },
  };
}
