import type { OutboundContent } from '@parley/contracts/content';
import type { Message } from '@parley/contracts/messages';

/**
 * Something a member sent that the server has not yet taken. `waiting` goes out by itself, also after a reload; `accepted`
 * was taken and only waits to be seen in the thread; `refused` waits for the member.
 */
export interface OutboxEntry {
  messageId: string;
  conversationId: string;
  replyTo: string | null;
  /** Of `replyTo`, for the bubble. */
  quote: Message['quote'];
  content: OutboundContent;
  /** What the bubble says: the text, or a template's with its values in place. */
  shown: string;
  at: string;
  /** Place in the queue: a retry goes to its end. */
  order: number;
  state: 'waiting' | 'accepted' | 'refused';
  /** Why it was refused, in words for people. */
  reason: string | null;
}

/** What is given to the outbox; it adds the rest. */
export type Outgoing = Pick<OutboxEntry, 'messageId' | 'conversationId' | 'replyTo' | 'quote' | 'content' | 'shown'>;

export type SendOutcome =
  | { type: 'accepted' }
  /** For good: sent as it is it would be refused again. */
  | { type: 'refused'; reason: string }
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
  send(entry: OutboxEntry): Promise<SendOutcome>;
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
  /** The thread shows these now: what was accepted needs no bubble of its own any more. */
  shown(messageIds: ReadonlySet<string>): void;
  /** How a send ends; it may take until the connection is back. */
  settled(messageId: string): Promise<'accepted' | 'refused'>;
  /** The connection is back: what waits is tried now. */
  nudge(): void;
  stop(): void;
}

const MAX_WAIT_MS = 30_000;

/**
 * The way out of what members type. One send at a time per conversation, in order; nothing is forgotten until the server
 * took it, and the id makes sure that it takes it once.
 */
export function createOutbox({ storage, send, exclusively, wait, now }: OutboxPorts): Outbox {
  let snapshot: readonly OutboxEntry[] = storage.list().sort(byOrder);
  const accepted = new Map<string, OutboxEntry>();
  const listeners = new Set<() => void>();
  const running = new Set<string>();
  const timers = new Map<string, () => void>();
  const failures = new Map<string, number>();
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
        const outcome = await send(entry);
        paused = outcome.type === 'later';
        apply(entry, outcome);
      }
    });
    running.delete(conversationId);
    // Something may have been added, or a pause have ended, while the last step was finishing.
    if (!timers.has(conversationId) && head(conversationId)) void drain(conversationId);
  }

  function apply(entry: OutboxEntry, outcome: SendOutcome): void {
    if (outcome.type === 'later') {
      pause(entry.conversationId, outcome.afterMs);
      return;
    }
    failures.delete(entry.conversationId);
    if (outcome.type === 'accepted') storage.remove(entry.messageId);
    else storage.put({ ...entry, state: 'refused', reason: outcome.reason });
    refresh();
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
      if (snapshot.some((entry) => entry.messageId === messageId && entry.state === 'refused'))
        storage.remove(messageId);
      refresh();
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
          resolve(entry?.state === 'refused' ? 'refused' : 'accepted');
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
