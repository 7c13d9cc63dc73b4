import { z } from 'zod';
import { mine } from './can';
import { AccountIds } from './members';
import { AnyRole } from './permissions';
import { At, Id, IdParams, page, PageQuery, text } from './primitives';
import { route } from './route';

/** In small letters, as addresses are kept. */
export const Email = z.email().max(254).trim().toLowerCase();
const Token = z.string().min(1).max(200);

/** Hours in which an invitation can be accepted. */
export const INVITATION_HOURS = 72;

export const Invitation = z
  .object({
    id: Id,
    email: z.string(),
    role: AnyRole,
    accountIds: z.array(Id).nullable(),
    via: z.enum(['mail', 'link']),
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    /** Null: by whoever runs the install. */
    invitedBy: z.string().nullable(),
    createdAt: At,
    expiresAt: At,
    me: mine('invitation'),
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof Invitation>;

/** `link` is shown this once, and only where the invitation does not go by mail. */
const Sent = z.object({ invitation: Invitation, link: z.url().nullable() });

export const listInvitations = route('GET', '/invitations', {
  summary: 'Invitations, newest first.',
  access: 'member.manage',
  reach: 'caller',
  query: PageQuery,
  response: page(Invitation),
});

export const createInvitation = route('POST', '/invitations', {
  summary:
    'Invites one address, for 72 hours and one use: by mail, or by a link to hand over. Nobody gives more than they have.',
  access: 'member.manage',
  reach: 'caller',
  body: z.object({
    email: Email,
    role: AnyRole,
    accountIds: AccountIds.default(null),
    via: z.enum(['mail', 'link']).default('mail'),
  }),
  response: Sent,
  status: 201,
  once: true,
  refuses: ['conflict', 'not_found'],
});

export const resendInvitation = route('POST', '/invitations/:id/resend', {
  summary: 'Sends it anew, or makes a new link. The one before stops working, and the 72 hours begin again.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  response: Sent,
  once: true,
  refuses: ['invitation_gone'],
});

export const revokeInvitation = route('DELETE', '/invitations/:id', {
  summary: 'Takes it back. One that was accepted stays as it is.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
});

export const openInvitation = route('POST', '/invitations/open', {
  summary: 'What the bearer of a link is invited to.',
  access: 'public',
  reach: 'caller',
  body: z.object({ token: Token }),
  response: z.object({
    /** Null: to the whole install, as its super-admin. */
    tenant: z.string().nullable(),
    email: z.string(),
    /** Of the tenant's; of the install `super_admin`. */
    role: z.string(),
    /** There is a login of this address already: sign in with it to accept. Null: a link to hand over does not say. */
    known: z.boolean().nullable(),
    expiresAt: At,
  }),
  refuses: ['not_found', 'invitation_gone'],
});

export const acceptInvitation = route('POST', '/invitations/accept', {
  summary:
    'Accepts. A new person chooses a name and a password and signs in with them; who has a login already must be signed in with the address that was invited.',
  access: 'public',
  reach: 'caller',
  body: z.object({
    token: Token,
    name: text().trim().min(1).max(80).optional(),
    password: z.string().min(8).max(128).optional(),
  }),
  /** Both null: of the install. */
  response: z.object({ tenantId: Id.nullable(), memberId: Id.nullable(), email: z.string() }),
  refuses: ['not_found', 'invitation_gone', 'unauthenticated', 'forbidden', 'conflict'],
});
