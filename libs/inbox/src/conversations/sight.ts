import type { Audience } from '@parley/platform/events';
import { sql, type SQL } from 'drizzle-orm';

/** What one member may see. `unassignedIn`: accounts whose unassigned conversations they see too. */
export interface Sight {
  memberId: string;
  all: boolean;
  unassignedIn: ReadonlySet<string>;
}

/** The one truth about sight, for live streams and resumed ones. `seenOf` says the same to Postgres; a test holds them together. */
export function canSee(sight: Sight, conversation: { accountId: string; assigneeId: string | null }): boolean {
  if (sight.all || conversation.assigneeId === sight.memberId) return true;
  return conversation.assigneeId === null && sight.unassignedIn.has(conversation.accountId);
}

/**
 * The same as conditions on `c`, a row of conversations: between them they hold whatever the member sees, of one assignee if
 * one is named, and none holds a row of another. Empty: they see nothing of that.
 */
export function seenOf(sight: Sight, assignee?: 'me' | 'none' | (string & {})): SQL[] {
  const of = (memberId: string) => sql`c.assignee_id = ${memberId}`;
  const nobodys = sight.all ? [sql`c.assignee_id is null`] : unassignedIn([...sight.unassignedIn]);
  if (assignee === 'none') return nobodys;
  if (assignee === 'me' || assignee === sight.memberId) return [of(sight.memberId)];
  if (assignee !== undefined) return sight.all ? [of(assignee)] : [];
  return sight.all ? [sql`true`] : [of(sight.memberId), ...nobodys];
}

function unassignedIn(accounts: string[]): SQL[] {
  return accounts.length ? [sql`c.assignee_id is null and c.account_id = any(${sql.param(accounts)}::uuid[])`] : [];
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
  if (audience.to === 'tenant') return 'show';
  if (audience.to === 'member') return audience.memberId === sight.memberId ? 'show' : 'hide';
  const { accountId, assigneeId, wasAssigneeId = assigneeId } = audience;
  const after = canSee(sight, { accountId, assigneeId });
  const before = canSee(sight, { accountId, assigneeId: wasAssigneeId });
  if (!after && !before) return 'hide';
  if (!after || (now && !canSee(sight, now))) return 'remove';
  return 'show';
}
