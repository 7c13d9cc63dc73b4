import type { QueryClient, QueryFunctionContext } from '@tanstack/react-query';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import { type Sync, syncOf } from './sync';

/** Something read from the API, at the head that it saw. */
export interface Snapshot {
  seq: number;
  /** Set until the cache takes it: what happened since the read still has to be applied. */
  fresh: Fresh | null;
}

type Fresh = Pick<QueryFunctionContext, 'client' | 'queryKey'>;

/** Marks what a query function read, so that `settle` brings it up to date in the moment the cache takes it. */
export function freshFrom({ client, queryKey }: Fresh, seq: number): Snapshot {
  return { seq, fresh: { client, queryKey } };
}

/**
 * Applies what happened between the read and now. Where the log does not reach back so far, fetches again;
 * a seq of -1 says that the answer carried none, and asking again would not help.
 */
export function settle<S extends Snapshot>(
  snapshot: S,
  after: (snapshot: S, event: RealtimeEvent, sync: Sync) => S,
): S {
  const { fresh } = snapshot;
  if (!fresh) return snapshot;
  const settled: S = { ...snapshot, fresh: null };
  const sync = syncOf(fresh.client);
  if (!sync.covers(snapshot.seq)) {
    if (snapshot.seq >= 0) refetchSoon(fresh);
    return settled;
  }
  return sync.after(snapshot.seq).reduce((state, event) => after(state, event, sync), settled);
}

/** `structuralSharing` of a query that holds one snapshot. What `select` made of it passes through. */
export function settleOne<S extends Snapshot>(after: (snapshot: S, event: RealtimeEvent, sync: Sync) => S) {
  return (_current: unknown, incoming: unknown): unknown => (isFresh<S>(incoming) ? settle(incoming, after) : incoming);
}

/** Not inside the write to the cache that asked for it. */
function refetchSoon({ client, queryKey }: Fresh): void {
  setTimeout(() => void client.invalidateQueries({ queryKey, exact: true }), 0);
}

/** The library gives `unknown`; only our own query functions set `fresh`. */
export function isFresh<S extends Snapshot>(value: unknown): value is S {
  return typeof value === 'object' && value !== null && 'fresh' in value && value.fresh !== null;
}

/** The earliest head that anything cached was read at; `otherwise` when nothing tells. */
export function oldestSnapshot(client: QueryClient, otherwise: number): number {
  const seqs = client
    .getQueryCache()
    .getAll()
    .flatMap(({ state: { data } }) => {
      const parts: unknown[] = isObject(data) && Array.isArray(data.pages) ? data.pages : [data];
      return parts.flatMap((part) =>
        isObject(part) && typeof part.seq === 'number' && part.seq >= 0 ? [part.seq] : [],
      );
    });
  return Math.min(otherwise, ...seqs);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
