import type { Content, OutboundContent } from '@parley/contracts/content';
import { AppError, notFound } from '@parley/platform/app-error';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { crashPoint } from '@parley/platform/crash-points';
import type { TenantTx } from '@parley/platform/tenant-db';
import { Tracing, type SpanName } from '@parley/platform/tracing';
import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service';
import type { MemberContext } from '../context';
import { reassign } from '../conversations/changes';
import type { LockedConversation } from '../conversations/locked-conversation';
import { UploadsService } from '../files/uploads.service';
import { DeliveriesService } from '../sending/deliveries.service';
import { announceMessages, announceNew } from './announce';
import { appendOutbound } from './append';
import { findTarget } from './messages.queries';
import { previewOf } from './preview';
import { messageIdTaken } from './sent-before';
import { fillTemplate } from './template-text';
import { assertCanSend, type WayOut } from './way-out';

type Tx = TenantTx<MemberContext>;
/** What stands in the thread once it is sent. */
export type Written = Extract<Content, { type: 'text' | 'template' | 'media' }>;
type Wanted = Exclude<OutboundContent, { type: 'reaction' }>;

interface Queued {
  accountId: string;
  deliveryId: string;
  /** When it was asked for, on the monotonic clock. */
  beganMs: number;
  again?: boolean;
}

/** What every new message of a member goes through, whether it answers or writes first. */
@Injectable()
export class OutboundService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly deliveries: DeliveriesService,
    private readonly uploads: UploadsService,
    private readonly tracing: Tracing,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * What will stand in the thread; a template's text may have to be fetched, so never inside a transaction. Throws what
   * `assertCanSend` throws of templates and files, and of a file that is not whole or was sent `not_found`, `conflict`.
   */
  async prepare(ctx: MemberContext, way: Omit<WayOut, 'chatId'>, wanted: Wanted): Promise<Written> {
    if (wanted.type === 'text') return { type: 'text', text: wanted.text };
    if (wanted.type === 'media') return this.uploads.contentOf(ctx, wanted, way.can);
    assertCanSend(way, wanted, { inboundMs: null, nowMs: this.clock.now() });
    return fillTemplate(await this.accounts.templates(ctx, way.accountId), wanted);
  }

  /**
   * Writes a message into a locked conversation and queues it. A member who answers a conversation that nobody has takes it.
   * Throws what `assertCanSend` throws, `not_found` of the quoted message, `message_id_taken`.
   */
  async write(
    tx: Tx,
    conversation: LockedConversation,
    way: WayOut,
    {
      id,
      content,
      replyTo,
      lines = [],
    }: { id: string; content: Written; replyTo?: string | undefined; lines?: string[] },
  ): Promise<void> {
    assertCanSend(way, content, {
      inboundMs: conversation.inboundMs,
      nowMs: this.clock.now(),
      quotes: replyTo !== undefined,
    });
    const quote = replyTo === undefined ? null : await getQuote(tx, conversation.id, way.chatId, replyTo);
    const { memberId, memberName } = tx.ctx;
    if (conversation.assigneeId === null && memberId !== null)
      lines.push(await reassign(tx, conversation, { id: memberId, name: memberName }));
    const { chatId, accountId } = way;
    const message = { id, conversationId: conversation.id, chatId, accountId, content, quote };
    const alone = !quote && !lines.length; // else there is more to show than what was just written
    const [written] = await Promise.all([
      appendOutbound(tx, message),
      content.type === 'media' && this.uploads.attach(tx, { messageId: id, accountId, content }),
      this.deliveries.queue(tx, { ...message, deliveryId: id, kind: 'message', messageId: id, memberId }),
      alone || announceMessages(tx, conversation.id, [...lines, id], { was: conversation }),
    ]);
    if (!written) throw messageIdTaken();
    if (alone) announceNew(tx, written);
  }

  /** After the commit: there is something to send. Its trace begins, or goes on with another try. */
  queued(
    { correlationId: after }: MemberContext,
    { accountId: account, deliveryId: of, beganMs, again = false }: Queued,
  ): void {
    crashPoint('outbound.O1');
    this.deliveries.ring([account]);
    const name: SpanName = again ? 'send.again' : 'send.request';
    this.tracing.tell({ name, of, beganMs, attributes: { account }, after });
  }
}

async function getQuote(tx: Tx, conversationId: string, chatId: string, messageId: string) {
  const target = await findTarget(tx, conversationId, messageId);
  if (!target) throw notFound('message');
  if (target.chatId !== chatId || (target.direction !== 'inbound' && target.direction !== 'outbound')) {
    const message = 'Only a message of the same chat can be answered to.';
    throw new AppError('invalid', message, { errors: [{ path: 'replyTo', message }] });
  }
  // As it stands now: what becomes of it later is not told to those who have this message on their screen.
  return { messageId, externalId: target.externalId, author: target.senderName, text: previewOf(target.content) };
}
