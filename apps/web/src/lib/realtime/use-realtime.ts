'use client';

import type { RealtimeEvent } from '@parley/contracts/realtime';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { SharedStream } from './shared-stream';
import { oldestSnapshot } from './snapshot';
import { syncOf } from './sync';

interface RealtimeOptions {
  /** Who looks, in which tenant. */
  memberId: string;
  tenantId: string;
  /** Cursor of the session's snapshot: everything else was read after it. */
  seq: number;
  /** Reads the session anew and gives its cursor. */
  freshCursor: () => Promise<number>;
  onEvent: (event: RealtimeEvent, leading: boolean) => void;
  onSignedOut: () => void;
}

/** Keeps the cache true for as long as the component is there. */
export function useRealtime({ memberId, tenantId, seq, freshCursor, onEvent, onSignedOut }: RealtimeOptions): void {
  const client = useQueryClient();
  const first = useRef(seq); // later snapshots of the session move nothing: the stream is on its way
  const hear = useEffectEvent(onEvent);
  const leave = useEffectEvent(onSignedOut);
  const cursor = useEffectEvent(freshCursor);

  // Before any query of the inbox runs: what counts as "mine" must be known to the first page.
  syncOf(client).memberId = memberId;

  useEffect(() => {
    const sync = syncOf(client);
    const stream: SharedStream = new SharedStream({
      client,
      scope: `${tenantId}:${memberId}`,
      after: sync.head >= 0 ? sync.head : oldestSnapshot(client, first.current),
      freshCursor: () => cursor(),
      onEvent: (event) => hear(event, stream.leading),
      onSignedOut: () => leave(),
    });
    const retry = () => stream.retryNow();
    const cut = () => stream.cut();
    stream.start();
    window.addEventListener('online', retry);
    window.addEventListener('offline', cut);
    document.addEventListener('visibilitychange', retry);
    return () => {
      window.removeEventListener('online', retry);
      window.removeEventListener('offline', cut);
      document.removeEventListener('visibilitychange', retry);
      stream.stop();
    };
  }, [client, tenantId, memberId]);
}
