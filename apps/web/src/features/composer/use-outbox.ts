'use client';

import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react';
import { call } from '@/lib/api';
import { connection } from '@/lib/realtime/connection';
import { routes } from '@/lib/routes';
import { createOutbox, type Outbox, type OutboxEntry } from './outbox';
import { outboxStorage } from './outbox-storage';
import { sendEntry } from './send-entry';
import { useMemberScope } from './use-member-scope';
import { useRefusals } from './use-refusals';

const NONE: readonly OutboxEntry[] = [];
const outboxes = new Map<string, Outbox>();

/** The way out of what this member sends; null until it is known who that is. From its first use on it sends what waits. */
export function useOutbox(): Outbox | null {
  const scope = useMemberScope();
  return scope === null ? null : outboxOf(scope);
}

/** What is on its way out of one conversation. */
export function useOutboxEntries(conversationId: string): readonly OutboxEntry[] {
  const outbox = useOutbox();
  const subscribe = useCallback((changed: () => void) => outbox?.subscribe(changed) ?? (() => undefined), [outbox]);
  const entries = useSyncExternalStore(
    subscribe,
    () => outbox?.entries() ?? NONE,
    () => NONE,
  );
  return useMemo(() => {
    const own = entries.filter((entry) => entry.conversationId === conversationId && entry.state !== 'cancelled');
    return own.length > 0 ? own : NONE;
  }, [entries, conversationId]);
}

/**
 * Mounted once by the shell: sends what an earlier page left behind, and again whenever the line is back; says what was
 * refused meanwhile.
 */
export function OutboxKeeper(): null {
  const outbox = useOutbox();
  useRefusals(outbox);
  useEffect(() => {
    if (!outbox) return;
    const onConnection = () => connection.get().connected && outbox.nudge();
    const stop = connection.subscribe(onConnection);
    window.addEventListener('online', outbox.nudge);
    return () => {
      stop();
      window.removeEventListener('online', outbox.nudge);
    };
  }, [outbox]);
  return null;
}

function outboxOf(scope: string): Outbox {
  let outbox = outboxes.get(scope);
  if (!outbox) {
    outbox = createOutbox({
      storage: outboxStorage(scope),
      send: sendEntry,
      forget: letGo,
      exclusively: (name, work) => oneTabAtATime(`parley:outbox:${scope}:${name}`, work),
      wait(ms, done) {
        const timer = setTimeout(done, ms);
        return () => clearTimeout(timer);
      },
      now: Date.now,
    });
    outboxes.set(scope, outbox);
  }
  return outbox;
}

/** Of a file that is not sent the server need keep nothing either; if it hears nothing of that, it does so after a day. */
function letGo({ messageId, content, state }: OutboxEntry): void {
  if (content.type !== 'media') return;
  import('./held-files').then((files) => files.letGoOfFile(messageId)).catch(() => undefined);
  if (state !== 'accepted') call(routes.discardUpload, { params: { id: content.fileId } }).catch(() => undefined);
}

/** Where the browser has no locks (a page over plain http), the server still takes each id once. */
async function oneTabAtATime(name: string, work: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(name, work);
  else await work();
}
