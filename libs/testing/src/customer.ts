import type { Content } from '@parley/contracts/content';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { audienceOfConversation, loadConversations } from '@parley/inbox/conversations/conversation.view';
import { announceMessages } from '@parley/inbox/messages/announce';
import { loadMessages } from '@parley/inbox/messages/message.view';
import { previewOf, previewType } from '@parley/inbox/messages/preview';
import type { NewEvent } from '@parley/platform/events';
import { createRedis } from '@parley/platform/platform.module';
import { RealtimeBus } from '@parley/platform/realtime-bus';
import { run } from '@parley/platform/statements';
import { steadyPool, type SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import type { Redis } from 'ioredis';
import type { TestApp } from './app';

/**
 * The customers' side without a provider or a worker: what they write, and what becomes of what was sent to them, committed
 * with its events and published as the worker does.
 */
export class Customers {
  private constructor(
    private readonly pool: SteadyPool,
    private readonly redis: Redis,
    private readonly db: TenantDb,
  ) {}

  /** `redisUrl`: where to publish; one that nobody listens on makes a worker that Redis lost. */
  static of(app: Pick<TestApp, 'env'>, { redisUrl = app.env.REDIS_URL } = {}): Customers {
    const pool = steadyPool(app.env.DATABASE_URL, 'parley_app', { max: 2 });
    const redis = createRedis(redisUrl);
    return new Customers(pool, redis, new TenantDb(pool, new RealtimeBus(redis)));
  }

  /** One more message from outside. Answers its id. */
  write(conversation: { tenantId: string; id: string; chatId: string }, text: string): Promise<string> {
    const { tenantId, id: conversationId, chatId } = conversation;
    const [id, content]: [string, Content] = [uuid7(), { type: 'text', text }];
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      await run(
        tx.raw,
        `with c as (update conversations set newest = greatest(newest + 1000, (extract(epoch from clock_timestamp()) * 1e6)::bigint),
             received = received + 1, waiting_since = coalesce(waiting_since, now()), last_inbound_at = now(), last_message_id = $3,
             last_direction = 'inbound', last_type = $6, preview = $7, last_sender = null, last_message_at = greatest(last_message_at, clock_timestamp())
           where tenant_id = $1 and id = $2 returning newest)
         insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position, dated)
         select $1, $3, $2, $4, 'inbound', $5::text::jsonb, newest, newest from c`,
        [tenantId, conversationId, id, chatId, JSON.stringify(content), previewType(content), previewOf(content)],
      );
      await announceMessages(tx, conversationId, [id]);
      return id;
    });
  }

  /** What the provider says of a message that was sent. */
  settle(tenantId: string, messageId: string, status: 'sent' | 'delivered' | 'read' | 'failed'): Promise<void> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      await run(
        tx.raw,
        `with c as (select c.id from conversations c join messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
             where c.tenant_id = $1 and m.id = $2 for no key update of c)
         update messages m set delivery = $3, delivery_at = now() from c where m.tenant_id = $1 and m.id = $2`,
        [tenantId, messageId, deliveryRank[status]],
      );
      const [message] = await loadMessages(tx.raw, [{ tenantId, id: messageId }]);
      const [conversation] = message ? await loadConversations(tx.raw, [{ tenantId, id: message.conversationId }]) : [];
      if (!message?.delivery || !conversation) throw new Error('no such message was sent');
      const { delivery, conversationId } = message;
      tx.emit({
        type: 'delivery.updated',
        audience: audienceOfConversation(conversation),
        messageId,
        conversationId,
        delivery,
      });
    });
  }

  /** Any facts, as they are. */
  emit(tenantId: string, events: NewEvent[]): Promise<void> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) =>
      events.forEach((event) => tx.emit(event)),
    );
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.pool.close();
  }
}
