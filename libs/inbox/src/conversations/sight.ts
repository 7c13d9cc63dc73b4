import type { Audience } from '@parley/platform/events';
import { sql, type SQL } from 'drizzle-orm';

/** What a member, or a key, may see. `unassignedIn`: accounts whose unassigned conversations they see too. */
export interface Sight {
  /** Null: a key, which is nobody's assignee. */
  memberId: string | null;
  all: boolean;
  unassignedIn: ReadonlySet<string>;
  /** Of all this only what goes through these accounts; null: through any. */
  within: ReadonlySet<string> | null;
}

/** The one truth about sight, for live streams and resumed ones. `seenOf` says the same to Postgres; a test holds them together. */
export function canSee(sight: Sight, conversation: { accountId: string; assigneeId: string | null }): boolean {
  const { accountId, assigneeId } = conversation;
  if (sight.within && !sight.within.has(accountId)) return false;
  if (sight.all || (assigneeId !== null && assigneeId === sight.memberId)) return true;
  return assigneeId === null && sight.unassignedIn.has(accountId);
}

/**
 * The same as conditions on `c`, a row of conversations: between them they hold whatever the member sees, of one assignee if
 * one is named, and none holds a row of another. Empty: they see nothing of that.
 */
export function seenOf(sight: Sight, assignee?: 'me' | 'none' | (string & {})): SQL[] {
  const { within } = sight;
  const seen = seenAnywhere(sight, assignee);
  // One by one, because rows of several accounts stand in no order of any index.
  return within ? [...within].flatMap((id) => seen.map((one) => sql`c.account_id = ${id} and ${one}`)) : seen;
}

function seenAnywhere(sight: Sight, assignee: string | undefined): SQL[] {
  const of = (memberId: string | null) => (memberId === null ? [] : [sql`c.assignee_id = ${memberId}`]);
  const nobodys = sight.all ? [sql`c.assignee_id is null`] : unassignedIn([...sight.unassignedIn]);
  if (assignee === 'none') return nobodys;
  if (assignee === 'me' || assignee === sight.memberId) return of(sight.memberId);
  if (assignee !== undefined) return sight.all ? of(assignee) : [];
  return sight.all ? [sql`true`] : [...of(sight.memberId), ...nobodys];
}

function unassignedIn(accounts: string[]): SQL[] {
  return accounts.length ? [sql`c.assignee_id is null and c.account_id = any(${sql.param(accounts)}::uuid[])`] : [];
}

/** An account that they are kept away from. */
export function isOfOthers({ within }: Pick<Sight, 'within'>, accountId: string | undefined): boolean {
  return accountId !== undefined && within !== null && !within.has(accountId);
}

/**
 * What becomes of an event for a member: `show` as it is, `remove` the conversation from their screen, or `hide`.
 * `now` is the conversation's state at the head, on resume: what was visible then but no longer is, is removed too.
 */
export function visibleTo(
  sight: Sight,
  audience: Audience,
  now?: { accountId: string; assigneeId: string | null },
): 'show' | 'remove' | 'hide' {
  if (audience.to === 'tenant') return isOfOthers(sight, audience.accountId) ? 'hide' : 'show';
  if (audience.to === 'member') return audience.memberId === sight.memberId ? 'show' : 'hide';
  const { accountId, assigneeId, wasAssigneeId = assigneeId } = audience;
  const after = canSee(sight, { accountId, assigneeId });
  const before = canSee(sight, { accountId, assigneeId: wasAssigneeId });
  if (!after && !before) return 'hide';
  if (!after || (now && !canSee(sight, now))) return 'remove';
  return 'show';
}
