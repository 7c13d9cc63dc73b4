import type { AgentsSee } from '@parley/contracts/visibility';
import { TenantDb } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { announce } from '../accounts/living-account';
import type { MemberContext } from '../context';
import { listAgents, raiseRights } from './rights';
import { SessionsService } from './sessions.service';
import { listFollowers, lockAgentsSee, setAgentsSee } from './visibility.queries';

/** What agents see of accounts that say nothing else. */
@Injectable()
export class VisibilityService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
  ) {}

  /** Tells of each account that shows another part of itself from now on: that is where screens begin again. */
  async set(ctx: MemberContext, agentsSee: AgentsSee): Promise<{ agentsSee: AgentsSee }> {
    await this.db.transaction(ctx, async (tx) => {
      const before = await lockAgentsSee(tx);
      if (before === agentsSee) return;
      await setAgentsSee(tx, agentsSee);
      tx.audit({
        action: 'settings.updated',
        target: { kind: 'tenant', id: tx.tenantId },
        before: { agentsSee: before },
        after: { agentsSee },
      });
      const followers = await listFollowers(tx);
      await announce(tx, ...followers);
      if (followers.length) await raiseRights(tx, await listAgents(tx), followers.length);
    });
    this.sessions.forgetAll();
    return { agentsSee };
  }
}
