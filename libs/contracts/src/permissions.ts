import { z } from 'zod';

export const roles = ['agent', 'manager', 'tenant_admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const permissions = [
  'inbox.read',
  'inbox.write',
  'inbox.assign',
  'contact.write',
  'label.read',
  'member.read',
  'account.read',
  'label.manage',
  'account.manage',
  'member.manage',
  'settings.manage',
  'api_key.manage',
  'audit.read',
] as const;
export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;

const agent: readonly Permission[] = permissions.slice(0, 7);
const manager: readonly Permission[] = [...agent, 'label.manage'];

/** What each role may do. On whom they see it: an agent's own, plus the unassigned where the account or tenant allows. */
export const rolePermissions: Record<Role, readonly Permission[]> = { agent, manager, tenant_admin: permissions };

/** Who sees every conversation of the tenant, whatever its assignee. */
export function seesAll(role: Role): boolean {
  return role !== 'agent';
}
