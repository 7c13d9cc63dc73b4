import type { Check } from '../case';

/** What the crowd is told, and tells; both cross a process boundary as they are. Times are ms of the machine's monotonic clock. */
export type CrowdOrder =
  | { order: 'open'; streams: Opening[]; inFlight: number }
  /** Forget what was counted, and tell when so many streams, also those still to be opened, have each heard of so many events. */
  | { order: 'count'; events: number; streams: number }
  /** Break every connection, as a lost network does. */
  | { order: 'cut' };

/** One connection to make. */
export interface Opening {
  url: string;
  headers: Record<string, string>;
}

/** When each stream had heard of all, and how many of their events did not come right after the one before. */
export interface Counted {
  at: number[];
  outOfTurn: number;
}

export type CrowdWord =
  | { word: 'opened'; refused: number }
  | { word: 'counting' }
  /** Events that the slowest stream has heard of. */
  | { word: 'least'; events: number }
  | ({ word: 'counted' } & Counted)
  | { word: 'cut' };

/** Nothing is left out, told twice or told too early. */
export function inTurn({ outOfTurn }: Pick<Counted, 'outOfTurn'>): Check {
  return { what: 'events out of turn', value: outOfTurn, ok: outOfTurn === 0 };
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
