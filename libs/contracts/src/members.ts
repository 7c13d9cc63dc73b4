import { z } from 'zod';
import { mine } from './can';
import { AnyRole, Permission } from './permissions';
import { At, Id, IdParams, page, PageQuery } from './primitives';
import { route } from './route';

/** What a member says of themselves, by hand. Who is away keeps what they have, unless the tenant's rules take it back. */
export const availabilities = ['online', 'away'] as const;
export const Availability = z.enum(availabilities);
export type Availability = z.infer<typeof Availability>;

export const Member = z
  .object({
    id: Id,
    name: z.string(),
    role: AnyRole,
    active: z.boolean(),
    availability: Availability,
    /** Teams they are of. */
    teamIds: z.array(Id),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

/** Sees only what goes through these accounts; null: through any. */
export const AccountIds = z.array(Id).min(1).max(50).nullable();

/** The same in a query: `all`, or ids with commas between. */
const AccountsAsked = z.union([
  z.literal('all'),
  z
    .string()
    .transform((ids) => ids.split(','))
    .pipe(z.array(Id).max(50)),
]);

/** A member as who runs the team sees them. */
export const TeamMember = Member.extend({
  email: z.string(),
  accountIds: z.array(Id).nullable(),
  createdAt: At,
  /** To some minutes; null: not in the last days. */
  lastSeenAt: At.nullable(),
  me: mine('member'),
}).meta({ id: 'TeamMember' });
export type TeamMember = z.infer<typeof TeamMember>;

/** Where somebody is signed in. */
export const SignInPlace = z
  .object({
    id: Id,
    createdAt: At,
    lastSeenAt: At,
    address: z.string().nullable(),
    /** What the browser calls itself. */
    browser: z.string().nullable(),
    /** The one that asks. */
    current: z.boolean(),
  })
  .meta({ id: 'SignInPlace' });
export type SignInPlace = z.infer<typeof SignInPlace>;

export const listMembers = route('GET', '/inbox/members', {
  summary: 'Members of the tenant, by name.',
  access: 'member.read',
  reach: 'caller',
  query: PageQuery,
  response: page(Member),
});

export const setAvailability = route('PATCH', '/inbox/availability', {
  summary:
    'Says of oneself that one is here, or away; colleagues see it within a second. Not for keys, which are nobody.',
  access: 'inbox.read',
  reach: 'caller',
  body: z.object({ availability: Availability }),
  response: Member,
});

export const listTeam = route('GET', '/members', {
  summary: 'Members with addresses, accounts and when they were last here, by name.',
  access: 'member.manage',
  reach: 'caller',
  query: PageQuery,
  response: page(TeamMember),
});

export const changeMember = route('PATCH', '/members/:id', {
  summary:
    'Changes the role, or the accounts that the member is kept to. Nobody gives more than they have. Open screens start again within a second.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({ role: AnyRole.optional(), accountIds: AccountIds.optional() }),
  response: TeamMember,
  refuses: ['last_admin', 'not_found'],
});

export const deactivateMember = route('POST', '/members/:id/deactivate', {
  summary:
    'Ends a membership: out within a second. Open conversations go to `reassignTo`, or to nobody. Repeat it where it was cut short.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({ reassignTo: Id.nullable() }),
  response: z.object({ member: TeamMember, reassigned: z.int() }),
  refuses: ['last_admin', 'member_cannot_receive'],
});

export const reactivateMember = route('POST', '/members/:id/reactivate', {
  summary: 'Lets a former member in again, with the role they had.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  response: TeamMember,
});

export const previewSight = route('GET', '/members/:id/sight', {
  summary:
    'What the member can see and do, or could with another `role`, or through other `accounts`: `all`, or ids with commas between.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  query: z.object({ role: AnyRole.optional(), accounts: AccountsAsked.optional() }),
  response: z.object({
    permissions: z.array(Permission),
    accounts: z.array(
      z.object({ id: Id, name: z.string(), sees: z.enum(['all', 'team', 'own_and_unassigned', 'own', 'nothing']) }),
    ),
    /** Open conversations in their sight now. */
    conversations: z.int(),
  }),
});

export const listMemberSessions = route('GET', '/members/:id/sessions', {
  summary: 'Where a member is signed in to this tenant, newest first.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  response: z.object({ items: z.array(SignInPlace) }),
});

export const endMemberSessions = route('DELETE', '/members/:id/sessions', {
  summary: 'Signs a member out of this tenant wherever they work in it, within a second.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
});
