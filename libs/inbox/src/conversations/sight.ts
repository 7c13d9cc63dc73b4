import type { Audience } from '@parley/platform/events';
import { sql, type SQL } from 'drizzle-orm';

/** What a member, or a key, may see. */
export interface Sight {
  /** Null: a key, which is nobody's assignee. */
  memberId: string | null;
  /** Everything, by their role. */
  all: boolean;
  /** Accounts of which everybody sees everything. It is no part of a role: nobody can give it on. */
  allIn: ReadonlySet<string>;
  /** Accounts whose unassigned conversations they see too. */
  unassignedIn: ReadonlySet<string>;
  /** Of all this only what goes through these accounts; null: through any. */
  within: ReadonlySet<string> | null;
}

/** The one truth about sight, for live streams and resumed ones. `seenOf` says the same to Postgres; a test holds them together. */
export function canSee(sight: Sight, conversation: { accountId: string; assigneeId: string | null }): boolean {
  const { accountId, assigneeId } = conversation;
  if (sight.within && !sight.within.has(accountId)) return false;
  if (sight.all || sight.allIn.has(accountId) || (assigneeId !== null && assigneeId === sight.memberId)) return true;
  return assigneeId === null && sight.unassignedIn.has(accountId);
}

/**
 * The same as conditions on `c`, a row of conversations: between them they hold whatever the member sees, of one assignee if
 * one is named, and none holds a row of another. Empty: they see nothing of that.
 */
export function seenOf(sight: Sight, assignee?: 'me' | 'none' | (string & {})): SQL[] {
  const { within } = sight;
  if (!within) return seenAnywhere(sight, assignee);
  // One by one, because rows of several accounts stand in no order of any index.
  return [...within].flatMap((id) =>
    seenAnywhere(lookingAt(sight, id), assignee).map((one) => sql`c.account_id = ${id} and ${one}`),
  );
}

/** The same sight, of one account alone. */
function lookingAt(sight: Sight, accountId: string): Sight {
  const unassignedIn = new Set(sight.unassignedIn.has(accountId) ? [accountId] : []);
  return { ...sight, all: sight.all || sight.allIn.has(accountId), allIn: new Set(), unassignedIn };
}

function seenAnywhere(sight: Sight, assignee: string | undefined): SQL[] {
  const { all, allIn, unassignedIn, memberId } = sight;
  const of = (id: string | null) => (id === null ? [] : [sql`c.assignee_id = ${id}`]);
  if (assignee === 'none') return all ? [NOBODYS] : inThese(NOBODYS, [...unassignedIn, ...allIn]);
  if (assignee === 'me' || assignee === memberId) return of(memberId);
  if (assignee !== undefined) return all ? of(assignee) : of(assignee).flatMap((one) => inThese(one, [...allIn]));
  if (all) return [sql`true`];
  const open = [...allIn];
  return [
    ...of(memberId).map((one) => (open.length ? sql`${one} and c.account_id <> all(${sql.param(open)}::uuid[])` : one)),
    ...inThese(
      NOBODYS,
      [...unassignedIn].filter((id) => !allIn.has(id)),
    ),
    ...open.map((id) => sql`c.account_id = ${id}`),
  ];
}

const NOBODYS = sql`c.assignee_id is null`;

function inThese(condition: SQL, accounts: string[]): SQL[] {
  return accounts.length ? [sql`${condition} and c.account_id = any(${sql.param(accounts)}::uuid[])`] : [];
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
