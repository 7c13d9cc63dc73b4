import type { Availability, Member } from '@parley/contracts/members';
import { AppError, notFound } from '@parley/platform/app-error';
import { headOf, TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { findMember, findReceiver, listMembers, setAvailability, type Receiver } from './members.queries';

const Place = z.tuple([CursorName, z.uuid()]);

/** Colleagues. Inviting and deactivating them is the business of the people slice. */
@Injectable()
export class MembersService {
  constructor(private readonly db: TenantDb) {}

  /** By name, the inactive ones too: their messages stand in threads. */
  list(
    ctx: TenantContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: Member[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const { rows, nextCursor } = cutPage(await listMembers(tx, { after, limit: limit + 1 }), limit, (last) => [
        last.nameKey,
        last.id,
      ]);
      return { items: rows.map(({ nameKey: _, ...member }) => member), nextCursor };
    });
  }

  /** What one says of oneself, and tells everybody. Throws `forbidden` of a key. */
  setAvailability(ctx: MemberContext, availability: Availability): Promise<Member> {
    const { memberId } = ctx;
    if (memberId === null) throw new AppError('forbidden', 'A key is nobody: only members are here, or away.');
    return this.db.transaction(ctx, async (tx) => {
      const changed = await setAvailability(tx, memberId, availability);
      if (changed) tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member: changed });
      else ctx.cursor = await headOf(tx); // no event will stamp the answer
      const member = changed ?? (await findMember(tx, memberId));
      if (!member) throw notFound('member');
      return member;
    });
  }

  /**
   * A member who may be given a conversation of this account, held active until the commit. Throws `not_found`,
   * `member_cannot_receive`.
   */
  async getReceiver(tx: TenantTx, id: string, accountId: string): Promise<{ id: string; name: string }> {
    const member = await this.getActive(tx, id);
    if (member.accountIds && !member.accountIds.includes(accountId))
      throw new AppError(
        'member_cannot_receive',
        `${member.name} does not work with this account. Choose another member.`,
      );
    return { id, name: member.name };
  }

  /** Held so until the commit. */
  async isOfTeam(tx: TenantTx, id: string, teamId: string): Promise<boolean> {
    return (await findReceiver(tx, id))?.teamIds.includes(teamId) ?? false;
  }

  /** Held active until the commit. Undefined: they are no longer here. */
  async findActive(tx: TenantTx, id: string): Promise<Receiver | undefined> {
    const member = await findReceiver(tx, id);
    return member?.active ? member : undefined;
  }

  /** Held active until the commit. Throws `not_found`, `member_cannot_receive`. */
  async getActive(tx: TenantTx, id: string): Promise<Receiver> {
    const member = await findReceiver(tx, id);
    if (!member) throw notFound('member');
    if (!member.active)
      throw new AppError('member_cannot_receive', `${member.name} is no longer active. Choose another member.`);
    return member;
  }
}
