'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import { useEffect, useState } from 'react';
import { useChangeAccount } from './account-queries';

/** Between two questions; providers refuse whoever asks faster than once a second. */
const SHORTEST_MS = 3_000;
/** Codes are asked for by themselves this long; then whoever looks has to want one. */
const ASKED_FOR_MS = 180_000;

/**
 * Keeps the code on the screen alive: asks for the next when it ends, which also tells whether the phone is there.
 * `readAt`: when this browser read the account.
 */
export function useLoginCode(account: AccountSettings, readAt: number) {
  const { mutate, isPending, error } = useChangeAccount(account.id);
  const [until, setUntil] = useState(() => Date.now() + ASKED_FOR_MS);
  const [now, setNow] = useState(() => Date.now());
  const shown = account.qr && readAt + account.qr.leftMs;
  const isWaiting = account.state === 'needs_qr' || account.state === 'connecting';
  const isOver = now >= until;

  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isWaiting]);

  useEffect(() => {
    if (!isWaiting || isOver || isPending) return;
    const rest = account.state === 'needs_qr' && shown !== null ? shown - Date.now() : SHORTEST_MS;
    const timer = setTimeout(() => mutate({ config: {} }), Math.max(SHORTEST_MS, rest));
    return () => clearTimeout(timer);
  }, [isWaiting, isOver, isPending, account.state, shown, mutate]);

  return {
    /** That the code lives still. Null: there is none. */
    seconds: shown === null ? null : Math.max(0, Math.ceil((shown - now) / 1_000)),
    isOver: isOver && (shown === null || now >= shown),
    error,
    renew: () => {
      setUntil(Date.now() + ASKED_FOR_MS);
      mutate({ config: {} });
    },
  };
}
