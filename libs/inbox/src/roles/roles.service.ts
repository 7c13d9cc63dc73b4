import { isBuiltIn, roles, type Permission } from '@parley/contracts/permissions';
import type { RoleDefinition } from '@parley/contracts/roles';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { canRole } from '../people/can';
import { assertWithin, grantOf, type Grant } from '../people/grant';
import { raiseRights } from '../people/rights';
import { SessionsService } from '../people/sessions.service';
import {
  findCustomRole,
  isOffered,
  listBearers,
  listCustomRoles,
  removeRole,
  saveRole,
  type CustomRole,
} from './roles.queries';

interface Change {
  name?: string | undefined;
  permissions?: Permission[] | undefined;
  seesAll?: boolean | undefined;
}

/** The three roles, and those that a tenant made for itself. */
@Injectable()
export class RolesService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
  ) {}

  list(ctx: MemberContext): Promise<{ items: RoleDefinition[] }> {
    return this.db.read(ctx, async (tx) => ({
      items: [
        ...roles.map((role) => builtInFor(ctx, role)),
        ...(await listCustomRoles(tx)).map((one) => shownTo(ctx, one)),
      ],
    }));
  }

  /** Throws `forbidden`, `conflict`. */
  create(ctx: MemberContext, { name, permissions, seesAll }: Required<Change>): Promise<RoleDefinition> {
    const role = { id: uuid7(), name, permissions: [...new Set(permissions)], seesAll } as CustomRole;
    assertWithin(ctx, grantOfCustom(role), null);
    return this.db.transaction(ctx, async (tx) => {
      await save(tx, role);
      tx.audit({ action: 'role.created', target: { kind: 'role', id: role.id }, after: auditedOf(role) });
      return shownTo(ctx, role);
    });
  }

  /** Whoever has it works by the new one at once. Throws `not_found`, `forbidden`, `conflict`. */
  async update(ctx: MemberContext, id: string, change: Change): Promise<RoleDefinition> {
    const role = await this.db.transaction(ctx, async (tx) => {
      const before = await getCustom(tx, id, 'for update');
      assertWithin(ctx, grantOfCustom(before), null);
      const { name = before.name, permissions = before.permissions, seesAll = before.seesAll } = change;
      const after = { id, name, permissions: [...new Set(permissions)], seesAll };
      assertWithin(ctx, grantOfCustom(after), null);
      await save(tx, after);
      const [from, to] = [auditedOf(before), auditedOf(after)];
      if (isChanged(from, to))
        tx.audit({ action: 'role.updated', target: { kind: 'role', id }, before: from, after: to });
      const bearers = await listBearers(tx, id);
      for (const member of bearers) tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member });
      await raiseRights(
        tx,
        bearers.map((member) => member.id),
        bearers.length,
      );
      return after;
    });
    this.sessions.forgetAll();
    return shownTo(ctx, role);
  }

  /** Throws `not_found`, `forbidden`, and `conflict` while somebody has it or is invited to it. */
  async delete(ctx: MemberContext, id: string): Promise<void> {
    await this.db.transaction(ctx, async (tx) => {
      const before = await getCustom(tx, id, 'for update');
      assertWithin(ctx, grantOfCustom(before), null);
      if ((await listBearers(tx, id)).length || (await isOffered(tx, id)))
        throw new AppError(
          'conflict',
          'Somebody has this role, or is offered it, by an invitation or at their first sign-in. Give them another one first.',
        );
      await removeRole(tx, id);
      tx.audit({ action: 'role.deleted', target: { kind: 'role', id }, before: auditedOf(before) });
    });
  }

  /** What a role gives, and the columns that name it; held as it is until the commit. Throws `not_found`. */
  async resolve(
    tx: TenantTx,
    role: string,
  ): Promise<{ grant: Grant; name: string; columns: { role: string | null; roleId: string | null } }> {
    if (isBuiltIn(role))
      return {
        grant: grantOf({ role, permissions: null, seesAll: null }),
        name: role,
        columns: { role, roleId: null },
      };
    const custom = await getCustom(tx, role, 'for share');
    return { grant: grantOfCustom(custom), name: custom.name, columns: { role: null, roleId: custom.id } };
  }
}

async function getCustom(tx: TenantTx, id: string, lock: 'for share' | 'for update'): Promise<CustomRole> {
  const role = await findCustomRole(tx, id, lock);
  if (!role) throw notFound('role');
  return role;
}

async function save(tx: TenantTx, role: CustomRole): Promise<void> {
  if (await saveRole(tx, role)) return;
  throw new AppError('conflict', 'There is a role of this name already.', {
    errors: [{ path: 'name', message: 'is taken' }],
  });
}

function auditedOf({ name, permissions, seesAll }: Omit<CustomRole, 'id'>) {
  return { name, permissions: [...permissions].sort(), seesAll };
}

function grantOfCustom({ id, permissions, seesAll }: CustomRole): Grant {
  return grantOf({ role: id, permissions, seesAll });
}

function shownTo(ctx: MemberContext, role: CustomRole): RoleDefinition {
  return { ...role, me: { can: canRole(ctx, { builtIn: false, grant: grantOfCustom(role) }) } };
}

function builtInFor(ctx: MemberContext, role: (typeof roles)[number]): RoleDefinition {
  const grant = grantOf({ role, permissions: null, seesAll: null });
  const me = { can: canRole(ctx, { builtIn: true, grant }) };
  return { id: role, name: role, permissions: [...grant.permissions], seesAll: grant.seesAll, me };
}
