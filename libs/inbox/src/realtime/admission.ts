import { AppError } from '@parley/platform/app-error';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { canConversation } from '../people/can';
import { grantOf } from '../people/grant';
import { SessionsService } from '../people/sessions.service';
import type { Reader } from './stream';

/** Why a reader is told to fetch everything again. */
export type ResetReason = 'gone' | 'ahead' | 'rights';

/** Who comes to read events, and whether they can go on from where they were. */
@Injectable()
export class Admission {
  constructor(private readonly sessions: SessionsService) {}

  /** What they see is true now. `reason`: nothing leads on from `after` that would still be true. Throws `unauthenticated`. */
  async admit(
    ctx: MemberContext,
    after: number | undefined,
  ): Promise<{ reader: Reader; reason: ResetReason | null; head: number }> {
    const { credential, tenantId, memberId } = ctx;
    const rights = await this.sessions.rightsOf(credential);
    if (!rights || rights.memberId !== memberId || rights.tenantId !== tenantId) {
      throw new AppError('unauthenticated', 'Sign in again.');
    }
    // Whatever changes what they see has a number above `rightsSeq`, which was read before the sight: it may be believed still.
    const sight =
      rights.rightsSeq === ctx.rightsSeq
        ? ctx.sight
        : await this.sessions.sightOf(tenantId, memberId, {
            seesAll: grantOf(rights).seesAll,
            accountIds: rights.accountIds,
            teamIds: rights.teamIds,
          });
    const { rightsSeq, head } = rights;
    const { permissions } = grantOf(rights);
    const can = JSON.stringify(canConversation({ permissions, memberId }));
    const writes = permissions.has('inbox.write');
    const reason = after === undefined ? null : resetReason(after, rights);
    return { reader: { tenantId, memberId, credential, can, writes, sight, rightsSeq }, reason, head };
  }
}

function resetReason(
  after: number,
  { floor, head, rightsSeq }: { floor: number; head: number; rightsSeq: number },
): ResetReason | null {
  if (!(after >= floor)) return 'gone'; // also what is no number
  if (after > head) return 'ahead';
  return after < rightsSeq ? 'rights' : null;
}
