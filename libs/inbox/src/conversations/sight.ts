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
  /** Accounts of which they see what nobody has: neither a member, nor a team that they are not of. */
  unassignedIn: ReadonlySet<string>;
  /** Accounts of which they see whatever a team of theirs has. */
  teamIn: ReadonlySet<string>;
  /** Teams they are of. */
  teams: ReadonlySet<string>;
  /** Of all this only what goes through these accounts; null: through any. */
  within: ReadonlySet<string> | null;
}

export type OpenAccounts = Pick<Sight, 'allIn' | 'unassignedIn' | 'teamIn'>;
/** No account shows more than the role does. */
export const closed: OpenAccounts = { allIn: new Set(), unassignedIn: new Set(), teamIn: new Set() };

/** Who has a conversation: by this it is seen, or not. */
export interface Standing {
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
}

/** The one truth about sight, for live streams and resumed ones. `seenOf` says the same to Postgres; a test holds them together. */
export function canSee(sight: Sight, { accountId, assigneeId, teamId }: Standing): boolean {
  if (sight.within && !sight.within.has(accountId)) return false;
  if (sight.all || sight.allIn.has(accountId) || (assigneeId !== null && assigneeId === sight.memberId)) return true;
  const ours = teamId ? sight.teams.has(teamId) : null; // absent where a version before told of it
  if (ours === true && sight.teamIn.has(accountId)) return true;
  return assigneeId === null && ours !== false && sight.unassignedIn.has(accountId);
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
  const only = (ids: ReadonlySet<string>) => new Set(ids.has(accountId) ? [accountId] : []);
  const [unassignedIn, teamIn] = [only(sight.unassignedIn), only(sight.teamIn)];
  return { ...sight, all: sight.all || sight.allIn.has(accountId), allIn: new Set(), unassignedIn, teamIn };
}

function seenAnywhere(sight: Sight, assignee: string | undefined): SQL[] {
  const { all, allIn, unassignedIn, teamIn, teams, memberId } = sight;
  if (assignee === undefined) return all ? [sql`true`] : seenOfAll(sight);
  if (assignee === 'me' || assignee === memberId) return memberId === null ? [] : [ownedBy(memberId)];
  const owner = assignee === 'none' ? NOBODYS : ownedBy(assignee);
  if (all) return [owner];
  const ways = [
    ...inThese(sql`true`, allIn),
    ...(teams.size ? inThese(isOurs(teams), teamIn) : []),
    ...(assignee === 'none' ? inThese(sql`(c.team_id is null or ${isOurs(teams)})`, unassignedIn) : []),
  ];
  return ways.length ? [sql`${owner} and (${sql.join(ways, sql` or `)})`] : [];
}

/** Each row in one branch alone: of an account of which they see everything, else their own, else their team's, else nobody's. */
function seenOfAll({ allIn, unassignedIn, teamIn, teams, memberId }: Sight): SQL[] {
  const open = [...allIn];
  const elsewhere = open.length ? sql` and c.account_id <> all(${sql.param(open)}::uuid[])` : sql``;
  const notOwn = memberId === null ? sql`` : sql` and c.assignee_id is distinct from ${memberId}::uuid`;
  const free = sql`(c.team_id is null or ${isOurs(teams)} and c.account_id <> all(${sql.param([...teamIn])}::uuid[]))`;
  return [
    ...(memberId === null ? [] : [sql`${ownedBy(memberId)}${elsewhere}`]),
    ...[...teams].flatMap((id) => inThese(sql`c.team_id = ${id}${notOwn}`, without(teamIn, allIn))),
    ...inThese(sql`${NOBODYS} and ${free}`, without(unassignedIn, allIn)),
    ...open.map((id) => sql`c.account_id = ${id}`),
  ];
}

const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>) =>
  new Set([...ids].filter((id) => !others.has(id)));
const NOBODYS = sql`c.assignee_id is null`;
const ownedBy = (memberId: string) => sql`c.assignee_id = ${memberId}`;
const isOurs = (teams: ReadonlySet<string>) => sql`c.team_id = any(${sql.param([...teams])}::uuid[])`;

function inThese(condition: SQL, accounts: ReadonlySet<string>): SQL[] {
  return accounts.size ? [sql`${condition} and c.account_id = any(${sql.param([...accounts])}::uuid[])`] : [];
}

/** An account that they are kept away from. */
export function isOfOthers({ within }: Pick<Sight, 'within'>, accountId: string | undefined): boolean {
  return accountId !== undefined && within !== null && !within.has(accountId);
}

/**
 * What becomes of an event for a member: `show` as it is, `remove` the conversation from their screen, or `hide`.
 * `now` is the conversation's state at the head, on resume: what was visible then but no longer is, is removed too.
 */
export function visibleTo(sight: Sight, audience: Audience, now?: Standing): 'show' | 'remove' | 'hide' {
  if (audience.to === 'tenant') return isOfOthers(sight, audience.accountId) ? 'hide' : 'show';
  if (audience.to === 'member') return audience.memberId === sight.memberId ? 'show' : 'hide';
  const { accountId, assigneeId, wasAssigneeId = assigneeId, teamId, wasTeamId = teamId } = audience;
  const after = canSee(sight, { accountId, assigneeId, teamId });
  const before = canSee(sight, { accountId, assigneeId: wasAssigneeId, teamId: wasTeamId });
  if (!after && !before) return 'hide';
  if (!after || (now && !canSee(sight, now))) return 'remove';
  return 'show';
}
