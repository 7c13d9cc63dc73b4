import type { Member } from '@parley/contracts/members';
import { uuid7 } from '@parley/db/uuid';
import { AppError } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { Login } from '../people/logins.service';
import type { Origin } from '../people/origin';
import { raiseRights } from '../people/rights';
import { RolesService } from '../roles/roles.service';
import { assertQuota } from '../tenants/limits';
import { admitMember } from './invitations.queries';

interface Newcomer {
  login: Pick<Login, 'id' | 'name'>;
  /** One of the three, or the id of a role of the tenant's. */
  role: string;
  accountIds: string[] | null;
}

/** The one step by which a login becomes a member, whatever let them in. */
@Injectable()
export class Admission {
  constructor(private readonly roles: RolesService) {}

  /** The transaction is theirs from then on. Throws `not_found` of a role, `quota_exceeded`, `conflict`. */
  async admit(
    tx: TenantTx,
    { login, role, accountIds }: Newcomer,
    { address, userAgent }: Pick<Origin, 'address' | 'userAgent'>,
  ): Promise<Member> {
    const { columns } = await this.roles.resolve(tx, role);
    await assertQuota(tx, 'members');
    const one = { id: uuid7(), userId: login.id, name: login.name, ...columns, accountIds };
    const admitted = await admitMember(tx, one);
    if (!admitted) throw new AppError('conflict', 'You are a member of this tenant already.');
    const { returned, ...member } = admitted;
    const { id, name } = member;
    tx.ctx.actor = { kind: 'member', id, name, address, userAgent };
    tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member });
    if (returned) await raiseRights(tx, [id], 1);
    return member;
  }
}
