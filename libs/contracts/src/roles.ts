import { z } from 'zod';
import { mine } from './can';
import { permissions } from './permission-names';
import { AnyRole, Permission } from './permissions';
import { IdParams, text } from './primitives';
import { route } from './route';

/** A named set of permissions. The three of everybody cannot be changed. */
export const RoleDefinition = z
  .object({
    id: AnyRole,
    /** Of the three: the word itself, for the screen to translate. */
    name: z.string(),
    permissions: z.array(Permission),
    /** Sees every conversation; else their own, and nobody's where the account or the tenant says so. */
    seesAll: z.boolean(),
    me: mine('role'),
  })
  .meta({ id: 'Role' });
export type RoleDefinition = z.infer<typeof RoleDefinition>;

const Name = text().trim().min(1).max(40);
const Permissions = z.array(Permission).min(1).max(permissions.length);

export const listRoles = route('GET', '/roles', {
  summary: 'The three roles, then the tenant’s own by name.',
  access: 'member.read',
  reach: 'caller',
  response: z.object({ items: z.array(RoleDefinition) }),
});

export const createRole = route('POST', '/roles', {
  summary: 'Makes a role. Nobody makes one that may more than they do.',
  access: 'member.manage',
  reach: 'caller',
  body: z.object({ name: Name, permissions: Permissions, seesAll: z.boolean() }),
  response: RoleDefinition,
  status: 201,
  refuses: ['conflict'],
});

export const updateRole = route('PATCH', '/roles/:id', {
  summary: 'Changes a role of the tenant’s own. Who has it works by the new one within a second.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({ name: Name.optional(), permissions: Permissions.optional(), seesAll: z.boolean().optional() }),
  response: RoleDefinition,
  refuses: ['conflict'],
});

export const deleteRole = route('DELETE', '/roles/:id', {
  summary: 'Deletes a role that no member has, nor an open invitation gives.',
  access: 'member.manage',
  reach: 'tenant',
  params: IdParams,
  refuses: ['conflict'],
});
