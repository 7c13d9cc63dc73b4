import type { Content, OutboundContent } from '@parley/contracts/content';
import type { Message } from '@parley/contracts/messages';

/** What is known of a file before the server has it. Its bytes are in `held-files`, under the message's id. */
export type LocalFile = Pick<
  Extract<Content, { type: 'media' }>,
  'kind' | 'mimeType' | 'fileName' | 'sizeBytes' | 'width' | 'height'
>;

/**
 * Something a member sent that the server has not yet taken. `waiting` goes out by itself, also after a reload; `accepted`
 * was taken and only waits to be seen in the thread; `refused` waits for the member; `cancelled` was taken back, and stands
 * only until every tab has seen so.
 */
export interface OutboxEntry {
  messageId: string;
  conversationId: string;
  replyTo: string | null;
  /** Of `replyTo`, for the bubble. */
  quote: Message['quote'];
  content: OutboundContent;
  /** Of a file that is sent. */
  file?: LocalFile;
  /** What the bubble says: the text, or a template's with its values in place. */
  shown: string;
  at: string;
  /** Place in the queue: a retry goes to its end. */
  order: number;
  state: 'waiting' | 'accepted' | 'refused' | 'cancelled';
  /** Why it was refused, in words for people. */
  reason: string | null;
}

/** What is given to the outbox; it adds the rest. */
export type Outgoing = Pick<
  OutboxEntry,
  'messageId' | 'conversationId' | 'replyTo' | 'quote' | 'content' | 'file' | 'shown'
>;

export type SendOutcome =
  | { type: 'accepted' }
  /** For good: sent as it is it would be refused again. */
  | { type: 'refused'; reason: string }
  /** The member took it back before it left. */
  | { type: 'cancelled' }
  /** It may or may not have arrived; the same id is sent again. `afterMs` null: not before `nudge`. */
  | { type: 'later'; afterMs: number | null };

/** Keeps the entries of one member in one tenant where a reload does not reach them, and tells about other tabs' changes. */
export interface OutboxStorage {
  list(): OutboxEntry[];
  put(entry: OutboxEntry): void;
  remove(messageId: string): void;
  /** Calls back when another tab changed something. */
  subscribe(changed: () => void): () => void;
}

export interface OutboxPorts {
  storage: OutboxStorage;
  /** Stops where it still can once `takenBack` is. */
  send(entry: OutboxEntry, takenBack: AbortSignal): Promise<SendOutcome>;
  /** It needs nothing of this browser any more; its state says why: accepted, refused and discarded, cancelled. */
  forget?(entry: OutboxEntry): void;
  /** Runs `work` while no other tab runs one under the same name. */
  exclusively(name: string, work: () => Promise<void>): Promise<void>;
  /** Calls back after so many milliseconds; the result cancels. */
  wait(ms: number, done: () => void): () => void;
  now(): number;
}

export interface Outbox {
  /** In the order they go out. The same array until something changes. */
  entries(): readonly OutboxEntry[];
  subscribe(changed: () => void): () => void;
  add(outgoing: Outgoing): void;
  /** Sends a refused one again, after all that wait. */
  retry(messageId: string): void;
  /** Forgets a refused one. */
  discard(messageId: string): void;
  /** Takes back what waits, in whichever tab it is being sent. What the server has by then shows in the thread. */
  cancel(messageId: string): void;
  /** The thread shows these now: what was accepted needs no bubble of its own any more. */
  shown(messageIds: ReadonlySet<string>): void;
  /** How a send ends; it may take until the connection is back. */
  settled(messageId: string): Promise<'accepted' | 'refused'>;
  /** The connection is back: what waits is tried now. */
  nudge(): void;
  stop(): void;
}

const MAX_WAIT_MS = 30_000;
/** By then every tab has seen that something was cancelled. */
const SEEN_MS = 1_000;

/**
 * The way out of what members type. One send at a time per conversation, in order; nothing is forgotten until the server
 * took it, and the id makes sure that it takes it once.
 */
export function createOutbox({ storage, send, forget, exclusively, wait, now }: OutboxPorts): Outbox {
  for (const entry of storage.list()) if (entry.state === 'cancelled') storage.remove(entry.messageId);
  let snapshot: readonly OutboxEntry[] = storage.list().sort(byOrder);
  const accepted = new Map<string, OutboxEntry>();
  const listeners = new Set<() => void>();
  const running = new Set<string>();
  const timers = new Map<string, () => void>();
  const failures = new Map<string, number>();
  const leaving = new Map<string, AbortController>();
  let stopped = false;

  function refresh(): void {
    const stored = storage.list();
    const ids = new Set(stored.map((entry) => entry.messageId));
    for (const before of snapshot) {
      // Only a send that was taken leaves while it waits, in this tab or in another.
      if (before.state === 'waiting' && !ids.has(before.messageId))
        accepted.set(before.messageId, { ...before, state: 'accepted' });
    }
    for (const id of ids) accepted.delete(id);
    const waiting = new Set(stored.filter(({ state }) => state === 'waiting').map(({ messageId }) => messageId));
    for (const [id, controller] of leaving) if (!waiting.has(id)) controller.abort();
    snapshot = [...stored, ...accepted.values()].sort(byOrder);
    for (const listener of listeners) listener();
  }

  function conversationsWaiting(): Set<string> {
    return new Set(snapshot.filter((entry) => entry.state === 'waiting').map((entry) => entry.conversationId));
  }

  function head(conversationId: string): OutboxEntry | undefined {
    return storage
      .list()
      .sort(byOrder)
      .find((entry) => entry.conversationId === conversationId && entry.state === 'waiting');
  }

  /** Sends what waits in a conversation until nothing does, or something must wait longer. */
  async function drain(conversationId: string): Promise<void> {
    if (stopped || running.has(conversationId) || timers.has(conversationId)) return;
    running.add(conversationId);
    let paused = false;
    await exclusively(conversationId, async () => {
      for (let entry = head(conversationId); entry && !paused && !stopped; entry = head(conversationId)) {
        const outcome = await leave(entry);
        paused = outcome.type === 'later';
        apply(entry, outcome);
      }
    });
    running.delete(conversationId);
    // Something may have been added, or a pause have ended, while the last step was finishing.
    if (!timers.has(conversationId) && head(conversationId)) void drain(conversationId);
  }

  async function leave(entry: OutboxEntry): Promise<SendOutcome> {
    const controller = new AbortController();
    leaving.set(entry.messageId, controller);
    try {
      return await send(entry, controller.signal);
    } finally {
      leaving.delete(entry.messageId);
    }
  }

  function apply(entry: OutboxEntry, outcome: SendOutcome): void {
    if (outcome.type === 'cancelled') return;
    if (outcome.type === 'later') {
      pause(entry.conversationId, outcome.afterMs);
      return;
    }
    failures.delete(entry.conversationId);
    if (outcome.type === 'accepted') drop({ ...entry, state: 'accepted' });
    else storage.put({ ...entry, state: 'refused', reason: outcome.reason });
    refresh();
  }

  function drop(entry: OutboxEntry): void {
    storage.remove(entry.messageId);
    forget?.(entry);
  }

  function pause(conversationId: string, afterMs: number | null): void {
    const count = failures.get(conversationId) ?? 0;
    failures.set(conversationId, count + 1);
    const backoff = Math.min(MAX_WAIT_MS, 1_000 * 2 ** count);
    if (afterMs === null) timers.set(conversationId, () => undefined);
    else
      timers.set(
        conversationId,
        wait(Math.max(afterMs, backoff), () => wake(conversationId)),
      );
  }

  function wake(conversationId: string): void {
    timers.get(conversationId)?.();
    timers.delete(conversationId);
    void drain(conversationId);
  }

  function nextOrder(): number {
    return Math.max(now(), (snapshot.at(-1)?.order ?? 0) + 1);
  }

  const unsubscribe = storage.subscribe(() => {
    refresh();
    for (const conversationId of conversationsWaiting()) void drain(conversationId);
  });
  for (const conversationId of conversationsWaiting()) void drain(conversationId);

  return {
    entries: () => snapshot,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    add(outgoing) {
      const at = new Date(now()).toISOString();
      storage.put({ ...outgoing, at, order: nextOrder(), state: 'waiting', reason: null });
      refresh();
      void drain(outgoing.conversationId);
    },
    retry(messageId) {
      const entry = snapshot.find((each) => each.messageId === messageId && each.state === 'refused');
      if (!entry) return;
      const at = new Date(now()).toISOString();
      storage.put({ ...entry, at, order: nextOrder(), state: 'waiting', reason: null });
      refresh();
      void drain(entry.conversationId);
    },
    discard(messageId) {
      const entry = snapshot.find((each) => each.messageId === messageId && each.state === 'refused');
      if (entry) drop(entry);
      refresh();
    },
    cancel(messageId) {
      const entry = snapshot.find((each) => each.messageId === messageId && each.state === 'waiting');
      if (!entry) return;
      const cancelled = { ...entry, state: 'cancelled' as const };
      storage.put(cancelled);
      refresh();
      wait(SEEN_MS, () => {
        drop(cancelled);
        refresh();
      });
    },
    shown(messageIds) {
      const seen = [...accepted.keys()].filter((id) => messageIds.has(id));
      for (const id of seen) accepted.delete(id);
      if (seen.length > 0) refresh();
    },
    settled(messageId) {
      return new Promise((resolve) => {
        const look = () => {
          const entry = snapshot.find((each) => each.messageId === messageId);
          if (entry?.state === 'waiting') return;
          listeners.delete(look);
          resolve(entry && entry.state !== 'accepted' ? 'refused' : 'accepted');
        };
        listeners.add(look);
        look();
      });
    },
    nudge() {
      failures.clear();
      for (const conversationId of [...timers.keys()]) wake(conversationId);
    },
    stop() {
      stopped = true;
      unsubscribe();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

function byOrder(a: OutboxEntry, b: OutboxEntry): number {
  return a.order - b.order || (a.messageId < b.messageId ? -1 : 1);
}
