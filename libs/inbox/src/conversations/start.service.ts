import type { Address } from '@parley/channels/provider';
import type { OutboundContent } from '@parley/contracts/content';
import type { DeliveryStatus } from '@parley/contracts/messages';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { OutboundService, type Written } from '../messages/outbound.service';
import { isTaken, messageIdTaken, wasSent } from '../messages/sent-before';
import type { WayOut } from '../messages/way-out';
import { assertFeature } from '../tenants/limits';
import { moveTo } from './changes';
import { lockAny, type LockedConversation } from './locked-conversation';
import { recipientOf } from './recipient';
import { searchTextOf } from './search-text';
import { canSee, isOfOthers } from './sight';
import { findChat, findOrMakeContact, getAccount, insertConversation } from './start.queries';

type Tx = TenantTx<MemberContext>;
type Wanted = Exclude<OutboundContent, { type: 'reaction' }>;

export interface StartRequest {
  messageId?: string | undefined;
  accountId: string;
  /** As a person types it. */
  to: string;
  content: OutboundContent;
}

/** One first message on its way. `content` is null when its id was used before. */
interface First {
  id: string;
  account: Omit<WayOut, 'chatId'>;
  recipient: Address;
  wanted: Wanted;
  content: Written | null;
}

/** Writing to somebody first. */
@Injectable()
export class StartService {
  constructor(
    private readonly db: TenantDb,
    private readonly outbound: OutboundService,
  ) {}

  /**
   * Sends to an address. A chat that exists is continued, and opened again; a new conversation is the sender's. Throws
   * `not_found` of the account, `conversation_taken` when it exists out of the sender's sight, and as sending does.
   */
  async start(
    ctx: MemberContext,
    request: StartRequest,
  ): Promise<{ conversationId: string; messageId: string; status: DeliveryStatus }> {
    const beganMs = performance.now();
    const first = await this.prepare(ctx, request);
    const { conversationId, queued } = await this.db.transaction(ctx, (tx) => this.write(tx, first));
    if (queued) this.outbound.queued(ctx, { accountId: request.accountId, deliveryId: first.id, beganMs });
    return { conversationId, messageId: first.id, status: 'queued' };
  }

  private async prepare(
    ctx: MemberContext,
    { messageId: id = uuid7(), accountId, to, content: wanted }: StartRequest,
  ): Promise<First> {
    if (wanted.type === 'reaction') throw invalid('content', 'A conversation begins with a message.');
    if (isOfOthers(ctx.sight, accountId)) throw notFound('account');
    const { account, taken } = await this.db.read(ctx, async (tx) => {
      const found = { account: await getAccount(tx, accountId), taken: await isTaken(tx, id) };
      await assertFeature(tx, 'writeFirst');
      return found;
    });
    if (!account.can.writeFirst) throw new AppError('channel_cannot', 'On this channel the customer writes first.');
    const recipient = recipientOf(account.channel, to);
    if (recipient.address === account.address) throw invalid('to', 'This is the account’s own number.');
    return {
      id,
      account,
      recipient,
      wanted,
      content: taken ? null : await this.outbound.prepare(ctx, account, wanted),
    };
  }

  private async write(tx: Tx, first: First): Promise<{ conversationId: string; queued: boolean }> {
    const known = await findChat(tx, first.account.accountId, first.recipient.address);
    if (known) return this.goOn(tx, first, known);
    if (!first.content) throw messageIdTaken();
    const { conversation, chatId } = (await begin(tx, first)) ?? {};
    if (conversation && chatId) {
      await this.outbound.write(
        tx,
        conversation,
        { ...first.account, chatId },
        { id: first.id, content: first.content },
      );
      return { conversationId: conversation.id, queued: true };
    }
    const made = await findChat(tx, first.account.accountId, first.recipient.address);
    if (!made) throw new Error('a chat that somebody just made is not there');
    return this.goOn(tx, first, made);
  }

  private async goOn(
    tx: Tx,
    { id, account, wanted, content }: First,
    { chatId, conversationId }: { chatId: string; conversationId: string },
  ) {
    const conversation = await lockAny(tx, conversationId);
    if (!conversation) throw new Error('a chat without its conversation');
    if (await wasSent(tx, id, { conversationId, chatId, content: wanted })) return { conversationId, queued: false };
    if (!canSee(tx.ctx.sight, conversation)) {
      throw new AppError(
        'conversation_taken',
        'There is a conversation with this customer already, and you cannot see it. Ask a manager to give it to you.',
      );
    }
    if (!content) throw messageIdTaken();
    const lines = conversation.status === 'open' ? [] : [await moveTo(tx, conversation, 'open')];
    await this.outbound.write(tx, conversation, { ...account, chatId }, { id, content, lines });
    return { conversationId, queued: true };
  }
}

/** A new conversation of the sender; undefined when somebody else began one at the same time. */
async function begin(
  tx: Tx,
  { account: { accountId }, recipient }: First,
): Promise<{ conversation: LockedConversation; chatId: string } | undefined> {
  const { memberId: assigneeId } = tx.ctx;
  const contact = await findOrMakeContact(tx, recipient);
  const [id, chatId, title] = [uuid7(), uuid7(), contact.name ?? recipient.address];
  const searchText = searchTextOf([title, recipient.address]);
  const { address } = recipient;
  if (
    !(await insertConversation(tx, {
      id,
      chatId,
      accountId,
      address,
      contactId: contact.id,
      title,
      searchText,
      assigneeId,
    }))
  )
    return undefined;
  return {
    conversation: {
      id,
      kind: 'direct',
      accountId,
      chatId,
      status: 'open',
      assigneeId,
      teamId: null,
      received: 0,
      answered: 0,
      inboundMs: null,
    },
    chatId,
  };
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid', message, { errors: [{ path, message }] });
}
