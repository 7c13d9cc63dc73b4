import { z } from 'zod';
import { permissions } from './permission-names';
import { Id } from './primitives';

export const roles = ['agent', 'manager', 'tenant_admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** One of the three, or the id of a role that the tenant made for itself. */
export const AnyRole = z.union([Role, Id]);
export type AnyRole = z.infer<typeof AnyRole>;

export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;

const agent: readonly Permission[] = [
  'inbox.read',
  'inbox.write',
  'inbox.assign',
  'contact.write',
  'label.read',
  'member.read',
  'account.read',
];
const manager: readonly Permission[] = [...agent, 'label.manage'];

/** What each role may do. On whom they see it: an agent's own, plus the unassigned where the account or tenant allows. */
export const rolePermissions: Record<Role, readonly Permission[]> = { agent, manager, tenant_admin: permissions };

export function isBuiltIn(role: string): role is Role {
  return roles.some((one) => one === role);
}

/** Who sees every conversation of the tenant, whatever its assignee. */
export function seesAll(role: Role): boolean {
  return role !== 'agent';
}

/** What who runs the install may do. None of them opens an inbox. */
export const platformPermissions = ['tenant.manage', 'platform.read', 'super_admin.manage', 'impersonate'] as const;
export const PlatformPermission = z.enum(platformPermissions);
export type PlatformPermission = z.infer<typeof PlatformPermission>;

export function isPlatformPermission(access: string): access is PlatformPermission {
  return platformPermissions.some((one) => one === access);
}
