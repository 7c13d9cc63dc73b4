import type { NewEvent } from '@parley/platform/events';
import type { EphemeralEvent } from '@parley/contracts/realtime';
import type { Audience } from '@parley/platform/events';
import type { Nameless } from './nameless';
import type { NewMessage } from './write';

/** A conversation while it is locked; what changes here is written once, at the end. Times in ms, positions in µs. */
export interface ConversationState {
  tenantId: string;
  id: string;
  kind: 'direct' | 'group';
  accountId: string;
  chatId: string;
  contactId: string | null;
  title: string;
  searchText: string;
  status: 'open' | 'pending' | 'resolved';
  assigneeId: string | null;
  /** Before this batch, for who loses sight of it. */
  wasAssigneeId: string | null;
  assigneeActive: boolean;
  /** A batch leaves it as it is. */
  teamId: string | null;
  received: number;
  answered: number;
  waitingMs: number | null;
  inboundMs: number | null;
  newest: number;
  dated: number;
  /** Null: what stands in its row still counts. */
  last: {
    id: string;
    direction: NewMessage['direction'];
    type: string;
    preview: string;
    sender: string | null;
    delivery: number | null;
  } | null;
  lastMs: number;
  createdMs: number;
  /** Its row must be written. */
  touched: boolean;
  correlationId: string;
}

/** A chat of a locked conversation. */
export interface ChatState {
  tenantId: string;
  id: string;
  accountId: string;
  kind: 'direct' | 'group';
  contactId: string | null;
  /** When the provider last told all who are in it. Null: it never did. */
  membersMs: number | null;
  conversation: ConversationState;
}

/** What one transaction is about to publish. */
export interface Outcome {
  events: { tenantId: string; correlationId: string | null; event: NewEvent }[];
  ephemeral: { tenantId: string; audience: Audience; event: EphemeralEvent }[];
  /** Accounts that may send now. */
  ring: string[];
  /** Whose messages came, and who of them has no name yet. */
  nameless: Nameless[];
  /** Some rows wait, and stay in the queue. */
  delayed: boolean;
  /** What was written without waiting for an answer. */
  written: Promise<unknown>;
}

/** Somebody else changed what this batch leans on: the whole batch is tried again. */
export class Retry extends Error {
  override name = 'Retry';
}

export function groupBy<T>(list: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

export function uniqueBy<T>(list: Iterable<T>, key: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const item of list) if (!seen.has(key(item))) seen.set(key(item), item);
  return [...seen.values()];
}
