import { notFound } from '@parley/platform/app-error';
import { TenantDb } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { ConversationsService } from '../conversations/conversations.service';
import type { Sight } from '../conversations/sight';
import { SessionsService } from '../people/sessions.service';
import { RolesService } from '../roles/roles.service';
import { findTeamMember, listAccountNames } from './team.queries';
import { accountsOf } from './team.service';

/** What somebody can see and do, or would with another role and other accounts. */
@Injectable()
export class SightPreview {
  constructor(
    private readonly db: TenantDb,
    private readonly roles: RolesService,
    private readonly sessions: SessionsService,
    private readonly conversations: ConversationsService,
  ) {}

  /** `role` and `accountIds` (null: all) in place of what the member has. Throws `not_found`, of either too. */
  async of(
    ctx: MemberContext,
    memberId: string,
    instead: { role?: string | undefined; accountIds?: string[] | null | undefined },
  ) {
    const { accountIds, teamIds, grant, accounts } = await this.db.transaction(ctx, async (tx) => {
      const member = await findTeamMember(tx, memberId);
      if (!member) throw notFound('member');
      const { grant } = await this.roles.resolve(tx, instead.role ?? member.role);
      const accountIds =
        instead.accountIds === undefined ? member.accountIds : await accountsOf(tx, instead.accountIds);
      return { accountIds, teamIds: member.teamIds, grant, accounts: await listAccountNames(tx) };
    });
    const { seesAll } = grant;
    const sight = await this.sessions.sightOf(ctx.tenantId, memberId, { seesAll, accountIds, teamIds });
    const { all } = await this.conversations.counts({ ...ctx, memberId, sight });
    return {
      permissions: [...grant.permissions],
      accounts: accounts.map((account) => ({ ...account, sees: seenOf(account.id, sight) })),
      conversations: grant.permissions.has('inbox.read') ? all : 0,
    };
  }
}

function seenOf(accountId: string, { all, allIn, unassignedIn, teamIn, teams, within }: Sight) {
  if (within && !within.has(accountId)) return 'nothing';
  if (all || allIn.has(accountId)) return 'all';
  if (teams.size && teamIn.has(accountId)) return 'team';
  return unassignedIn.has(accountId) ? 'own_and_unassigned' : 'own';
}
