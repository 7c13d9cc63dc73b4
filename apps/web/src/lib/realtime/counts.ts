import type { Conversation } from '@parley/contracts/conversations';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { QueryClient } from '@tanstack/react-query';
import { conversationAfter, conversationOf, type Share, shareOf } from './conversation-after';
import { isFresh, type Snapshot } from './snapshot';
import { conversationKey, syncOf } from './sync';

export type CountsSnapshot = Snapshot & { counts: Share };

export const countsKey = ['conversations', 'counts'] as const;

const SOON_MS = 500;
const AGAIN_MS = 3_000;

/**
 * A conversation when last heard of, and whether the cached numbers know it. How it counts is asked anew each time: the
 * first pages may come before it is known whose inbox this is.
 */
interface Known {
  seq: number;
  conversation: Conversation | null;
  counted: boolean;
}

/**
 * Keeps the tabs' numbers live without asking the server: each event changes them by the difference that its
 * conversation makes. Where the state before is not known, the numbers are fetched again.
 */
class Ledger {
  readonly known = new Map<string, Known>();
  /** Last event that changed a number, or might have. */
  moved = -1;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastAt = -Infinity;

  /** In half a second; while that goes on, every three. */
  fetchSoon(client: QueryClient): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = null;
        this.lastAt = performance.now();
        void client.invalidateQueries({ queryKey: countsKey });
      },
      Math.max(SOON_MS, this.lastAt + AGAIN_MS - performance.now()),
    );
  }
}

const ledgers = new WeakMap<QueryClient, Ledger>();

function ledgerOf(client: QueryClient): Ledger {
  let ledger = ledgers.get(client);
  if (!ledger) ledgers.set(client, (ledger = new Ledger()));
  return ledger;
}

/** Forgets what was known, when everything is fetched again. */
export function forgetCounts(client: QueryClient): void {
  ledgers.delete(client);
}

/** Notes conversations as a page brought them; what events told later stays. */
export function noteConversations(client: QueryClient, seq: number, conversations: Conversation[]): void {
  const { known } = ledgerOf(client);
  for (const conversation of conversations) {
    const before = known.get(conversation.id);
    if (before && before.seq >= seq) continue;
    known.set(conversation.id, { seq, conversation, counted: false });
  }
}

/** Applies an event to the numbers. */
export function changeCounts(client: QueryClient, event: RealtimeEvent): void {
  const id = conversationOf(event);
  const sync = syncOf(client);
  if (id === null || !tellsHowItCounts(event) || sync.overtaken(conversationKey(id), event.seq)) return;
  const ledger = ledgerOf(client);
  // Numbers read before an own write may know of a move before it that the stream, overtaken, will not tell.
  if (event.seq > sync.head) ledger.moved = Math.max(ledger.moved, event.seq);
  const before = ledger.known.get(id);
  if (before && before.seq >= event.seq) return before.counted ? undefined : unsure(client, ledger, event.seq);
  const next = conversationAfter(event, before?.conversation ?? undefined);
  if (next === undefined) return unsure(client, ledger, event.seq);
  ledger.known.set(id, { seq: event.seq, conversation: next, counted: true });
  const told = before ? countedIn(client, before, sync.head) : event.type === 'conversation.created';
  if (!told) return unsure(client, ledger, event.seq);
  const was = before?.conversation ?? null;
  const moved = difference(shareOf(next, sync.memberId), shareOf(was, sync.memberId));
  if (!moved) return;
  ledger.moved = Math.max(ledger.moved, event.seq);
  client.setQueryData<CountsSnapshot>(countsKey, (current) =>
    current && current.seq < event.seq ? { ...current, counts: plus(current.counts, moved) } : current,
  );
}

/** The others change what is shown of a conversation, not where it counts. */
function tellsHowItCounts(event: RealtimeEvent): boolean {
  return 'conversation' in event || event.type === 'conversation.removed' || event.type === 'conversation.read';
}

/** `structuralSharing` of the numbers: what moved while they were read makes them worth asking for again. */
export function settleCounts(_current: unknown, incoming: unknown): unknown {
  if (!isFresh<CountsSnapshot>(incoming)) return incoming;
  const { fresh, seq } = incoming;
  if (fresh) {
    const ledger = ledgerOf(fresh.client);
    if (seq >= 0 && seq < ledger.moved) ledger.fetchSoon(fresh.client);
  }
  return { ...incoming, fresh: null };
}

/**
 * Whether the numbers count a conversation as it is known. Both follow the stream; beyond its `head` one may have been
 * read later than the other, and the answer to an own write covers up what the stream brings of the time between.
 */
function countedIn(client: QueryClient, { seq, counted }: Known, head: number): boolean {
  const numbers = Math.max(client.getQueryData<CountsSnapshot>(countsKey)?.seq ?? -1, head);
  return numbers <= Math.max(seq, head) && (counted || seq <= numbers);
}

function unsure(client: QueryClient, ledger: Ledger, seq: number): void {
  ledger.moved = Math.max(ledger.moved, seq);
  if ((client.getQueryData<CountsSnapshot>(countsKey)?.seq ?? -1) < seq) ledger.fetchSoon(client);
}

function difference(next: Share, was: Share): Share | null {
  const moved = {
    mine: next.mine - was.mine,
    unassigned: next.unassigned - was.unassigned,
    all: next.all - was.all,
    unread: next.unread - was.unread,
  };
  return Object.values(moved).some((by) => by !== 0) ? moved : null;
}

function plus(counts: Share, by: Share): Share {
  return {
    mine: counts.mine + by.mine,
    unassigned: counts.unassigned + by.unassigned,
    all: counts.all + by.all,
    unread: counts.unread + by.unread,
  };
}
