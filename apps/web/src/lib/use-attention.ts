'use client';

import { useSyncExternalStore } from 'react';

/** Whether somebody is looking: the page is visible and its window has the focus. */
export function useAttention(): boolean {
  return useSyncExternalStore(watchAttention, hasAttention, () => false);
}

export function hasAttention(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

export function watchAttention(listener: () => void): () => void {
  window.addEventListener('focus', listener);
  window.addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.removeEventListener('focus', listener);
    window.removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
