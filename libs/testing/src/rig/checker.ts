import type { Fleet } from './fleet';
import type { Load } from './load';
import type { Watchers } from './watchers';

/** What a fault did to the promises. Counts, and milliseconds where the name says so. */
export interface Verdict {
  /** Messages that customers wrote. */
  sent: number;
  /** Of those, how many a provider got 2xx for. */
  acked: number;
  /** Calls of providers that were not answered with 2xx. */
  refused: number;
  /** Messages with exactly one row. */
  persistedOnce: number;
  /** Acked, and no row. */
  lost: number;
  /** Rows beyond one a message, and conversations beyond one a chat. */
  duplicates: number;
  /** Messages of a thread that stand before one that had to come first. */
  orderViolations: number;
  /** Answers of agents that the api took. */
  intents: number;
  /** Of those, how many have no row, or neither arrived nor are shown as failed or unknown. */
  intentsLost: number;
  /** Calls that providers got for each. */
  callsPerIntent: number;
  /** Answers that reached a customer more than once. */
  doubleArrivals: number;
  /** Answers that arrived, and are shown as unknown or failed. */
  unknownThatArrived: number;
  /** Answers that arrived before an earlier one of their chat. */
  sentOutOfOrder: number;
  /** Over all clients: `missing` were never seen; a gap is an event that came after a later one, or not at all. */
  sse: { expected: number; delivered: number; duplicated: number; gaps: number; missing: number };
  /** Of the calls answered 2xx: before the fault, from its begin to its end, and after. 0 where there was none. */
  ackP99Ms: { before: number; during: number; after: number };
  /** From the end of the fault until nothing acked waits longer than a second. */
  drainMs: number;
  /** From the end of the fault until every tenant's clients got an event. */
  firstEventMs: number;
}

/** Epoch ms of the fault. */
export interface Marks {
  injectedAt: number;
  clearedAt: number;
}

/** Waits until all that was said has arrived where it should, or nothing more happens; then joins what everybody saw. */
export declare function judge(run: { fleet: Fleet; load: Load; watchers: Watchers; marks: Marks }): Promise<Verdict>;
