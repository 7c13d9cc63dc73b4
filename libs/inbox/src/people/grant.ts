import { isBuiltIn, rolePermissions, seesAll, type Permission, type Role } from '@parley/contracts/permissions';
import { AppError } from '@parley/platform/app-error';
import type { Sight } from '../conversations/sight';

/** What a role gives to whoever has it. */
export interface Grant {
  permissions: ReadonlySet<Permission>;
  seesAll: boolean;
}

const builtInGrant = (role: Role): Grant => ({ permissions: new Set(rolePermissions[role]), seesAll: seesAll(role) });
const builtIn: Record<Role, Grant> = {
  agent: builtInGrant('agent'),
  manager: builtInGrant('manager'),
  tenant_admin: builtInGrant('tenant_admin'),
};

/** As members are read: one of the three, or a role of the tenant's with what it gives. */
export interface RoleRow {
  role: string;
  permissions: Permission[] | null;
  seesAll: boolean | null;
}

export function grantOf({ role, permissions, seesAll: all }: RoleRow): Grant {
  return isBuiltIn(role) ? builtIn[role] : { permissions: new Set(permissions), seesAll: all === true };
}

/** A key is kept to accounts, not to who has a conversation. */
export function grantOfKey(permissions: readonly Permission[]): Grant {
  return { permissions: new Set(permissions), seesAll: true };
}

/** Who gives: a member or a key, by what they may themselves. */
export interface Giver {
  permissions: ReadonlySet<Permission>;
  sight: Sight;
}

/** Nobody gives what they do not have: neither a permission, nor sight. Throws `forbidden`. */
export function assertWithin(giver: Giver, wanted: Grant, accountIds: readonly string[] | null): void {
  if (isWithin(giver, wanted, accountIds)) return;
  throw new AppError('forbidden', 'This would give more than you may yourself.');
}

export function isWithin({ permissions, sight }: Giver, wanted: Grant, accountIds: readonly string[] | null): boolean {
  const { within } = sight;
  if ([...wanted.permissions].some((one) => !permissions.has(one))) return false;
  if (wanted.seesAll && !sight.all) return false;
  return within === null || (accountIds !== null && accountIds.every((id) => within.has(id)));
}

/** Everything of the tenant, whoever has it and whatever it goes through. */
export function seesWhole({ permissions, sight }: Giver): boolean {
  return permissions.has('inbox.read') && sight.all && sight.within === null;
}
