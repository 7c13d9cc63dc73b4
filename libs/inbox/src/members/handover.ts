import { AppError } from '@parley/platform/app-error';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { reassign } from '../conversations/changes';
import { lockAny } from '../conversations/locked-conversation';
import { announceMessages } from '../messages/announce';
import { MembersService } from './members.service';
import { listUnresolved } from './team.queries';

type Tx = TenantTx<MemberContext>;
/** In one transaction: it holds their conversations. */
const AT_ONCE = 25;

/** Gives what a member has not finished to others. */
@Injectable()
export class Handover {
  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersService,
  ) {}

  /**
   * Passes unresolved conversations of `from` on to `to`, or to nobody: also where `to` does not work with the account.
   * With `but` only those of other accounts. Answers how many; cut short, it goes on when it is called again.
   */
  async give(ctx: MemberContext, hand: { from: string; to: string | null; but: string[] | null }): Promise<number> {
    for (let given = 0; ;) {
      const done = await this.db.transaction(ctx, async (tx) => {
        const ids = await listUnresolved(tx, hand.from, { but: hand.but, limit: AT_ONCE });
        for (const id of ids) await this.pass(tx, id, hand);
        return ids.length;
      });
      given += done;
      if (done < AT_ONCE) return given;
    }
  }

  private async pass(tx: Tx, id: string, { from, to }: { from: string; to: string | null }): Promise<void> {
    const conversation = await lockAny(tx, id);
    if (conversation?.assigneeId !== from) return; // somebody else did
    const receiver = to === null ? null : await this.receiver(tx, to, conversation.accountId);
    const line = await reassign(tx, conversation, receiver);
    await announceMessages(tx, id, [line], { was: conversation });
  }

  private async receiver(tx: Tx, to: string, accountId: string) {
    try {
      return await this.members.getReceiver(tx, to, accountId);
    } catch (error) {
      if (error instanceof AppError && error.code === 'member_cannot_receive') return null;
      throw error;
    }
  }
}
