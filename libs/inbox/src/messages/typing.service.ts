import { ENV, type Env } from '@parley/platform/env';
import { REDIS } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { TenantDb } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { MemberContext } from '../context';
import { audienceOfConversation } from '../conversations/conversation.view';
import { DeliveriesService } from '../sending/deliveries.service';
import { getThread } from './thread';
import { getWayOut } from './way-out';

/** What a customer's phone keeps showing by itself; more often says nothing new. */
const EVERY_MS = 3000;

/** Shows that a member is typing: to colleagues, and to the customer where the channel can. Nothing of it is kept. */
@Injectable()
export class TypingService {
  constructor(
    private readonly db: TenantDb,
    private readonly bus: RealtimeBus,
    private readonly deliveries: DeliveriesService,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(ENV) private readonly env: Pick<Env, 'REDIS_PREFIX'>,
  ) {}

  /** Throws `not_found`. */
  async typing(ctx: MemberContext, conversationId: string): Promise<void> {
    const { thread, way } = await this.db.read(ctx, async (tx) => {
      const thread = await getThread(tx, conversationId);
      return { thread, way: await getWayOut(tx, conversationId, thread.chatId) };
    });
    if (!(await this.isTurn(ctx, conversationId))) return;
    this.bus.publishEphemeral(ctx.tenantId, audienceOfConversation(thread), {
      type: 'typing',
      conversationId,
      name: ctx.memberName,
      memberId: ctx.memberId,
      typing: true,
    });
    if (way.can.typing && way.state === 'connected') await this.deliveries.typing(ctx, conversationId);
  }

  /** Without Redis nobody would be told anyway. */
  private async isTurn({ tenantId, actorId }: MemberContext, conversationId: string): Promise<boolean> {
    const key = `${this.env.REDIS_PREFIX}:{${tenantId}}:typing:${conversationId}:${actorId}`;
    return (await this.redis.set(key, '1', 'PX', EVERY_MS, 'NX').catch(() => null)) === 'OK';
  }
}
