import { z } from 'zod';
import { mine } from './can';
import { Email } from './invitations';
import { At, Id, IdParams, page, PageQuery } from './primitives';
import { route } from './route';

/** Who runs the install. */
export const SuperAdmin = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string(),
    since: At,
    /** Themselves, in no company's session; null: not lately. */
    lastSeenAt: At.nullable(),
    twoFactor: z.boolean(),
  })
  .meta({ id: 'SuperAdmin' });
export type SuperAdmin = z.infer<typeof SuperAdmin>;

export const SuperAdminInvitation = z
  .object({
    id: Id,
    email: z.string(),
    via: z.enum(['mail', 'link']),
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    /** Null: their login is gone. */
    invitedBy: z.string().nullable(),
    createdAt: At,
    expiresAt: At,
    me: mine('invitation'),
  })
  .meta({ id: 'SuperAdminInvitation' });
export type SuperAdminInvitation = z.infer<typeof SuperAdminInvitation>;

export const listSuperAdmins = route('GET', '/admin/super-admins', {
  summary: 'Who runs the install, by name.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery,
  response: page(SuperAdmin),
});

export const listSuperAdminInvitations = route('GET', '/admin/super-admins/invitations', {
  summary: 'Whom super-admins invited to be one too, newest first.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery,
  response: page(SuperAdminInvitation),
});

export const inviteSuperAdmin = route('POST', '/admin/super-admins/invitations', {
  summary:
    'Invites one address to run the install, for 72 hours and one use: by mail, or by a link that is shown this once. An open invitation of the address is taken back. It is accepted as those of tenants are.',
  access: 'super_admin.manage',
  reach: 'caller',
  body: z.object({ email: Email, via: z.enum(['mail', 'link']).default('mail') }),
  response: z.object({ invitation: SuperAdminInvitation, link: z.url().nullable() }),
  once: true,
  status: 201,
  refuses: ['conflict'],
});

export const revokeSuperAdminInvitation = route('DELETE', '/admin/super-admins/invitations/:id', {
  summary: 'Takes it back. One that was accepted stays as it is.',
  access: 'super_admin.manage',
  reach: 'install',
  params: IdParams,
});

export const removeSuperAdmin = route('DELETE', '/admin/super-admins/:id', {
  summary:
    'Takes the right back, within a second, with what they began by it: acting as a member, and open invitations to run the install, by and for them. Their login and memberships stay. The last one stays.',
  access: 'super_admin.manage',
  reach: 'install',
  params: IdParams,
  refuses: ['last_admin'],
});
