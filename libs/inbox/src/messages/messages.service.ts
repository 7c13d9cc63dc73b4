import type { OutboundContent } from '@parley/contracts/content';
import type { DeliveryStatus } from '@parley/contracts/messages';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { lockAny, lockConversation, seen } from '../conversations/locked-conversation';
import { readOnly } from '../people/can';
import { DeliveriesService } from '../sending/deliveries.service';
import { announceMoved } from './announce';
import { moveToEnd } from './append';
import { findSent, findTarget, listEdits, type Edit } from './messages.queries';
import { OutboundService } from './outbound.service';
import { isAgain, isTaken, messageIdTaken, wasSent, type SendRequest } from './sent-before';
import { getMessage, getThread, getThreadOf, listAround, listPage, type Thread } from './thread';
import { assertCanSend, findWayOut, getWayOut } from './way-out';

type Tx = TenantTx<MemberContext>;
type Reaction = Extract<OutboundContent, { type: 'reaction' }>;
type Accepted = { messageId: string; status: DeliveryStatus };

/** The thread: reading it both ways, and what a member sends into it. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly db: TenantDb,
    private readonly outbound: OutboundService,
    private readonly deliveries: DeliveriesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One page, newest first; `around` puts that message in the middle. Throws `not_found`, also of that message. */
  list(
    ctx: MemberContext,
    conversationId: string,
    page: { cursor?: string | undefined; around?: string | undefined; limit: number },
  ): Promise<Thread> {
    return this.db.read(ctx, async (tx) => {
      await getThread(tx, conversationId);
      const thread = await (page.around === undefined
        ? listPage(tx, conversationId, page)
        : listAround(tx, conversationId, page.around, page.limit));
      return ctx.permissions.has('inbox.write') ? thread : { ...thread, items: thread.items.map(readOnly) };
    });
  }

  /** What a message said before, oldest first. Throws `not_found`. */
  edits(ctx: MemberContext, messageId: string): Promise<{ items: Edit[] }> {
    return this.db.read(ctx, async (tx) => {
      await getThreadOf(tx, messageId);
      return { items: await listEdits(tx, messageId) };
    });
  }

  /**
   * Queues a message, or a reaction, whose id then names its delivery. The same id is sent once and answers the same.
   * Throws `not_found`, `message_id_taken`, and for what the channel cannot: see `assertCanSend`.
   */
  async send(ctx: MemberContext, request: SendRequest): Promise<Accepted> {
    const { messageId: id = uuid7(), content } = request;
    const beganMs = performance.now();
    const accountId =
      content.type === 'reaction'
        ? await this.react(ctx, id, request, content)
        : await this.write(ctx, id, request, content);
    if (accountId) this.outbound.queued(ctx, { accountId, deliveryId: id, beganMs });
    return { messageId: id, status: 'queued' };
  }

  /** Queues a failed message again, or one of unknown outcome that was passed, at the end of the thread. Throws `not_found`, `conflict`. */
  async retry(ctx: MemberContext, messageId: string): Promise<Accepted> {
    const beganMs = performance.now();
    const accountId = await this.db.transaction(ctx, async (tx) => {
      const { id } = await getThreadOf(tx, messageId);
      const conversation = await lockConversation(tx, id);
      const { delivery, content, chatId } = await getMessage(tx, messageId);
      if (!delivery?.canRetry || (content.type !== 'text' && content.type !== 'template' && content.type !== 'media')) {
        throw new AppError(
          'conflict',
          'Only a message that failed, or that nobody knows to have arrived, can be tried again.',
        );
      }
      const way = await getWayOut(tx, id, chatId);
      assertCanSend(way, content, { inboundMs: conversation.inboundMs, nowMs: this.clock.now() });
      await moveToEnd(tx, { id: messageId, conversationId: id, content });
      await this.deliveries.requeue(tx, messageId);
      await announceMoved(tx, id, messageId);
      return way.accountId;
    });
    this.outbound.queued(ctx, { accountId, deliveryId: messageId, beganMs, again: true });
    return { messageId, status: 'queued' };
  }

  /** Asks the provider now whether a message of unknown outcome went out. Throws `not_found`, `conflict`, `channel_cannot`. */
  async check(ctx: MemberContext, messageId: string): Promise<Accepted> {
    const look = () =>
      this.db.read(ctx, async (tx) => (await getThreadOf(tx, messageId), (await getMessage(tx, messageId)).delivery));
    const before = await look();
    if (before?.status !== 'unknown') throw new AppError('conflict', 'What became of this message is known.');
    if (!before.canCheck)
      throw new AppError('channel_cannot', 'This provider cannot be asked what became of a message.');
    await this.deliveries.checkNow(ctx, messageId);
    return { messageId, status: (await look())?.status ?? 'unknown' };
  }

  /** Answers the account that now has something to send; null: it was sent before. */
  private async write(
    ctx: MemberContext,
    id: string,
    request: SendRequest,
    wanted: Exclude<OutboundContent, Reaction>,
  ): Promise<string | null> {
    // A template's words may have to be fetched: before the transaction, and not for one that was sent already.
    const content = wanted.type === 'text' ? wanted : await this.prepare(ctx, id, request, wanted);
    return this.db.transaction(ctx, async (tx) => {
      const [locked, sent, way] = await Promise.all([
        lockAny(tx, request.conversationId),
        findSent(tx, id),
        findWayOut(tx, request.conversationId, request.chatId),
      ]);
      const conversation = seen(tx, locked);
      if (await isAgain(tx, sent, request)) return null;
      if (!content) throw messageIdTaken();
      if (!way) throw notFound('chat');
      await this.outbound.write(tx, conversation, way, { id, content, replyTo: request.replyTo });
      return way.accountId;
    });
  }

  private async prepare(
    ctx: MemberContext,
    id: string,
    { conversationId, chatId }: SendRequest,
    wanted: Extract<OutboundContent, { type: 'template' | 'media' }>,
  ) {
    const way = await this.db.read(ctx, async (tx) => {
      const thread = await getThread(tx, conversationId);
      return (await isTaken(tx, id)) ? null : getWayOut(tx, conversationId, chatId ?? thread.chatId);
    });
    if (!way) return null;
    return this.outbound.prepare(ctx, way, wanted);
  }

  /** It shows once the provider took it: no event yet. */
  private react(ctx: MemberContext, id: string, request: SendRequest, reaction: Reaction): Promise<string | null> {
    const { messageId, emoji } = reaction;
    return this.db.transaction(ctx, async (tx) => {
      const conversation = await lockConversation(tx, request.conversationId);
      if (await wasSent(tx, id, request)) return null;
      const { chatId } = await getReactable(tx, conversation.id, messageId);
      const way = await getWayOut(tx, conversation.id, chatId);
      assertCanSend(way, reaction, { inboundMs: conversation.inboundMs, nowMs: this.clock.now() });
      await this.deliveries.queue(tx, {
        deliveryId: id,
        kind: 'reaction',
        messageId,
        conversationId: conversation.id,
        chatId,
        accountId: way.accountId,
        emoji,
        memberId: ctx.memberId,
      });
      return way.accountId;
    });
  }
}

async function getReactable(tx: Tx, conversationId: string, messageId: string): Promise<{ chatId: string }> {
  const target = await findTarget(tx, conversationId, messageId);
  if (!target) throw notFound('message');
  if (!target.deleted && (target.direction === 'inbound' || target.direction === 'outbound')) return target;
  throw new AppError('invalid', 'There is nothing to react to: the message was deleted, or it is no message.', {
    errors: [{ path: 'content.messageId', message: 'cannot be reacted to' }],
  });
}
