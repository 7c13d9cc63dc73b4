import type { AccountDoubt } from '@parley/contracts/accounts';

/** Why an account that says it is connected is not believed, and since when. */
export interface Doubt {
  kind: AccountDoubt;
  sinceMs: number;
}

/** What passed through a connected account of late. */
export interface Evidence {
  /** When the last send began that was confirmed. Null: none was. */
  confirmedMs: number | null;
  /** Sends that began after that one, were taken long ago, and confirmed by nobody. */
  unconfirmed: { count: number; firstMs: number } | null;
  /** The last webhook, where the account is busy at this hour else and brought nothing for over an hour. */
  silentSinceMs: number | null;
  /** The last webhook of an account that is doubted for its silence. */
  heardMs: number | null;
}

/** Where sends are confirmed else, one that is not may be the customer's; so many in a row are not. */
const IN_A_ROW = 2;

/**
 * What is to be thought of the account now. One send of unknown fate is enough where nothing was confirmed of late; where
 * sends are confirmed it takes two in a row. A doubt ends only by what speaks against it: a later send that is confirmed
 * with none left behind it, or a webhook. So it neither flaps nor fades away.
 */
export function doubtAfter(before: Doubt | null, seen: Evidence): Doubt | null {
  if (before?.kind === 'unconfirmed' && !isConfirmedAgain(before, seen)) return before;
  if (seen.unconfirmed && seen.unconfirmed.count >= (seen.confirmedMs === null ? 1 : IN_A_ROW))
    return { kind: 'unconfirmed', sinceMs: seen.unconfirmed.firstMs };
  if (before?.kind === 'silent' && (seen.heardMs ?? 0) <= before.sinceMs) return before;
  return seen.silentSinceMs === null ? null : { kind: 'silent', sinceMs: seen.silentSinceMs };
}

function isConfirmedAgain({ sinceMs }: Doubt, { confirmedMs, unconfirmed }: Evidence): boolean {
  return confirmedMs !== null && confirmedMs >= sinceMs && unconfirmed === null;
}
