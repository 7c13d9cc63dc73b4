import type { Member, SignInPlace, TeamMember } from '@parley/contracts/members';
import { AppError, notFound } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { canMember } from '../people/can';
import { assertWithin, grantOf } from '../people/grant';
import { LoginsService } from '../people/logins.service';
import { raiseRights } from '../people/rights';
import { SessionsService } from '../people/sessions.service';
import { RolesService } from '../roles/roles.service';
import { assertQuota } from '../tenants/limits';
import { Handover } from './handover';
import { MembersService } from './members.service';
import {
  areAccounts,
  countAdmins,
  findTeamMember,
  listTeam,
  lockMemberAndAdmins,
  updateMember,
  type TeamRow,
} from './team.queries';

type Tx = TenantTx<MemberContext>;
const Place = z.tuple([CursorName, z.uuid()]);

/** Who works here, and as what. Nobody gives or takes more than they have themselves. */
@Injectable()
export class TeamService {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly handover: Handover,
    private readonly sessions: SessionsService,
    private readonly logins: LoginsService,
  ) {}

  /** By name. */
  async list(
    ctx: MemberContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: TeamMember[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    const found = await this.db.read(ctx, (tx) => listTeam(tx, { after, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, (last) => [last.nameKey, last.id]);
    return { items: await this.show(ctx, rows), nextCursor };
  }

  /** Conversations of accounts that they lose go to nobody. Throws `not_found`, `forbidden`, `invalid`, `last_admin`. */
  async change(
    ctx: MemberContext,
    id: string,
    { role, accountIds }: { role?: string | undefined; accountIds?: string[] | null | undefined },
  ): Promise<TeamMember> {
    const after = await this.alter(ctx, id, async (tx, before) => {
      const wanted = await this.roles.resolve(tx, role ?? before.role);
      const accounts = accountIds === undefined ? before.accountIds : await accountsOf(tx, accountIds);
      if (wanted.columns.role === 'tenant_admin' && accounts !== null)
        throw new AppError('invalid', 'An admin sees every account.', {
          errors: [{ path: 'accountIds', message: 'must be null for an admin' }],
        });
      assertWithin(ctx, wanted.grant, accounts);
      return { ...wanted.columns, accountIds: accounts, active: before.active };
    });
    if (after.accountIds) await this.handover.give(ctx, { from: id, to: null, but: after.accountIds });
    return after;
  }

  /** Throws `not_found`, `forbidden`, also of who hands on what they do not see, `conflict` of oneself, `last_admin`, `member_cannot_receive`. */
  async deactivate(
    ctx: MemberContext,
    id: string,
    reassignTo: string | null,
  ): Promise<{ member: TeamMember; reassigned: number }> {
    if (id === ctx.memberId) throw new AppError('conflict', 'Ask a colleague: nobody ends their own membership.');
    if (reassignTo !== null && !ctx.sight.all)
      throw new AppError('forbidden', 'You do not see all that they have: leave it to nobody.');
    const member = await this.alter(ctx, id, async (tx, before) => {
      if (reassignTo !== null) await this.members.getActive(tx, reassignTo);
      if (reassignTo === id)
        throw new AppError('member_cannot_receive', `${before.name} is who leaves. Choose another.`);
      return { ...(await this.roles.resolve(tx, before.role)).columns, accountIds: before.accountIds, active: false };
    });
    return { member, reassigned: await this.handover.give(ctx, { from: id, to: reassignTo, but: null }) };
  }

  /** Throws `not_found`, `forbidden`, `quota_exceeded`. */
  reactivate(ctx: MemberContext, id: string): Promise<TeamMember> {
    return this.alter(ctx, id, async (tx, before) => {
      if (!before.active) await assertQuota(tx, 'members');
      return { ...(await this.roles.resolve(tx, before.role)).columns, accountIds: before.accountIds, active: true };
    });
  }

  /** Where they are signed in to this tenant. Throws `not_found`. */
  async listSessions(ctx: MemberContext, id: string): Promise<{ items: SignInPlace[] }> {
    const { userId } = await this.get(ctx, id);
    const found = await this.logins.signInsOf(userId, ctx.tenantId);
    return { items: found.map((one) => ({ ...one, current: one.id === ctx.credential })) };
  }

  /** Out of this tenant, wherever they work in it. Throws `not_found`, `forbidden` of who may more than the caller. */
  async endSessions(ctx: MemberContext, id: string): Promise<void> {
    const member = await this.get(ctx, id);
    assertWithin(ctx, grantOf(member), member.accountIds);
    await this.logins.endSignInsTo(ctx.tenantId, member.userId);
    const change = { action: 'member.signed_out', target: { kind: 'member', id } } as const;
    await this.db.transaction(ctx, async (tx) => tx.audit(change));
  }

  private get(ctx: MemberContext, id: string): Promise<TeamRow> {
    return this.db.read(ctx, (tx) => getTeamMember(tx, id));
  }

  /** Changes one member under the lock of all admins, tells everybody, and starts their screens again. */
  private async alter(
    ctx: MemberContext,
    id: string,
    decide: (tx: Tx, before: TeamRow) => Promise<Parameters<typeof updateMember>[2]>,
  ): Promise<TeamMember> {
    const row = await this.db.transaction(ctx, async (tx) => {
      await lockMemberAndAdmins(tx, id);
      const before = await getTeamMember(tx, id);
      assertWithin(ctx, grantOf(before), before.accountIds);
      await updateMember(tx, id, await decide(tx, before));
      if ((await countAdmins(tx)) === 0)
        throw new AppError('last_admin', 'Somebody has to run this tenant: make another member an admin first.');
      const after = await getTeamMember(tx, id);
      auditMember(tx, before, after);
      tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member: toMember(after) });
      await raiseRights(tx, [id], 1);
      return after;
    });
    this.sessions.forgetAll();
    const [member] = await this.show(ctx, [row]);
    if (!member) throw notFound('member');
    return member;
  }

  /** With what only logins know. */
  private async show(ctx: MemberContext, rows: TeamRow[]): Promise<TeamMember[]> {
    const logins = await this.logins.addressesOf(
      ctx.tenantId,
      rows.map(({ userId }) => userId),
    );
    const byId = new Map(logins.map((login) => [login.userId, login]));
    return rows.map((row) => ({
      ...toMember(row),
      email: byId.get(row.userId)?.email ?? '',
      accountIds: row.accountIds,
      createdAt: row.createdAt.toISOString(),
      lastSeenAt: byId.get(row.userId)?.lastSeenAt?.toISOString() ?? null,
      me: { can: canMember(ctx, { ...row, grant: grantOf(row) }) },
    }));
  }
}

function auditMember(tx: TenantTx, from: TeamRow, to: TeamRow): void {
  const fieldsOf = ({ role, accountIds, active }: TeamRow) => ({ role, accountIds, active });
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  if (!isChanged(before, after)) return;
  const ended = to.active ? 'member.reactivated' : 'member.deactivated';
  const action = from.active === to.active ? 'member.updated' : ended;
  tx.audit({ action, target: { kind: 'member', id: to.id }, before, after });
}

/** Distinct accounts of the tenant. Throws `not_found`. */
export async function accountsOf(tx: TenantTx, ids: string[] | null): Promise<string[] | null> {
  const distinct = ids && [...new Set(ids)].sort();
  if (distinct && !(await areAccounts(tx, distinct))) throw notFound('account');
  return distinct;
}

async function getTeamMember(tx: TenantTx, id: string): Promise<TeamRow> {
  const member = await findTeamMember(tx, id);
  if (!member) throw notFound('member');
  return member;
}

function toMember({ id, name, role, active, availability, teamIds }: TeamRow): Member {
  return { id, name, role, active, availability, teamIds };
}
