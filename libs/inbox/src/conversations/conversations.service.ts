import type {
  Conversation,
  ConversationDetails,
  ConversationFilter,
  ConversationStatus,
} from '@parley/contracts/conversations';
import { AppError, notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { loadContacts } from '../contacts/contact.view';
import { CursorTime, cutPage, decodeCursor } from '../cursor';
import { LabelsService } from '../labels/labels.service';
import { MembersService } from '../members/members.service';
import { announceMessages } from '../messages/announce';
import { canContact } from '../people/can';
import { DeliveriesService } from '../sending/deliveries.service';
import { holdTeam } from '../teams/held-team';
import { giveToTeam, moveTo, reassign } from './changes';
import { audienceOfConversation } from './conversation.view';
import { headOf } from '@parley/platform/tenant-db';
import { countOpen, listParticipants, loadForMember, setLabels, setSeen } from './conversations.queries';
import { listConversations } from './list.queries';
import { lockConversation, type LockedConversation } from './locked-conversation';
import { canSee } from './sight';

type Tx = TenantTx<MemberContext>;
const Place = z.tuple([CursorTime, z.uuid()]);

/** The inbox: what a member sees of it, and what they do with a conversation as a whole. */
@Injectable()
export class ConversationsService {
  private readonly log = new Logger('conversations');

  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersService,
    private readonly labels: LabelsService,
    private readonly deliveries: DeliveriesService,
  ) {}

  /** One page, newest first. Ids of the filter that are not this tenant's match nothing. */
  list(
    ctx: MemberContext,
    { cursor, limit, ...filter }: ConversationFilter & { cursor?: string | undefined; limit: number },
  ) {
    const [at, id] = cursor === undefined ? [] : decodeCursor(cursor, Place);
    const before = at === undefined || id === undefined ? {} : { before: { at, id } };
    return this.db.read(ctx, async (tx) => {
      const found = await listConversations(tx, filter, { ...before, limit: limit + 1 });
      const { rows, nextCursor } = cutPage(found, limit, (last) => [Date.parse(last.lastMessageAt), last.id]);
      return { items: rows, nextCursor };
    });
  }

  counts(ctx: MemberContext) {
    return this.db.read(ctx, countOpen);
  }

  /** Throws `not_found`. */
  get(ctx: MemberContext, id: string): Promise<ConversationDetails> {
    return this.db.read(ctx, async (tx) => {
      const conversation = await getSeen(tx, id);
      const [participants, [contact]] = await Promise.all([
        conversation.kind === 'group' ? listParticipants(tx, conversation) : [],
        conversation.contactId ? loadContacts(tx.raw, [{ tenantId: tx.tenantId, id: conversation.contactId }]) : [],
      ]);
      return { ...conversation, contact: contact ? { ...contact, me: { can: canContact(ctx) } } : null, participants };
    });
  }

  /**
   * Gives the conversation to a member, or to nobody (`null`). Agents give away what they see, be it theirs or nobody's.
   * Throws `not_found` (also of the member), `member_cannot_receive`.
   */
  assign(ctx: MemberContext, id: string, memberId: string | null): Promise<Conversation> {
    return this.change(ctx, id, async (tx, conversation) => {
      const receiver = memberId === null ? null : await this.members.getReceiver(tx, memberId, conversation.accountId);
      if (conversation.assigneeId === memberId) return 'same';
      const line = await reassign(tx, conversation, receiver);
      await announceMessages(tx, id, [line], { was: conversation });
      return 'changed';
    });
  }

  /**
   * Gives the conversation to a team, or takes it from its team (`null`). Who has it and is not of the team loses it.
   * Throws `not_found` (also of the team).
   */
  giveToTeam(ctx: MemberContext, id: string, teamId: string | null): Promise<Conversation> {
    return this.change(ctx, id, async (tx, conversation) => {
      const team = teamId === null ? null : await holdTeam(tx, teamId);
      if (conversation.teamId === teamId) return 'same';
      const { assigneeId: holder } = conversation;
      const stays = holder === null || teamId === null || (await this.members.isOfTeam(tx, holder, teamId));
      const line = await giveToTeam(tx, conversation, { team, assigneeId: stays ? holder : null });
      await announceMessages(tx, id, [line], { was: conversation });
      return 'changed';
    });
  }

  /** Sets the whole set of labels. Throws `not_found`, also of a label. */
  setLabels(ctx: MemberContext, id: string, labelIds: string[]): Promise<Conversation> {
    return this.change(ctx, id, async (tx) => {
      const wanted = [...new Set(labelIds)];
      await this.labels.assertExist(tx, wanted);
      if (!(await setLabels(tx, id, wanted))) return 'same';
      await announceConversation(tx, id);
      return 'changed';
    });
  }

  /** Opens, parks or resolves; in a resolved one nobody waits any more. Throws `not_found`. */
  setStatus(ctx: MemberContext, id: string, status: ConversationStatus): Promise<Conversation> {
    return this.change(ctx, id, async (tx, conversation) => {
      if (conversation.status === status) return 'same';
      await announceMessages(tx, id, [await moveTo(tx, conversation, status)]);
      return 'changed';
    });
  }

  /**
   * Remembers what this member has seen, at most what was received; it may go back. The conversation is locked for it,
   * so that the answer, stamped with its event, has missed nothing that came before. Throws `not_found`.
   */
  async markRead(ctx: MemberContext, id: string, seen: number): Promise<Conversation> {
    const { memberId } = ctx;
    if (memberId === null) throw new AppError('forbidden', 'A key has read nothing: only members keep read marks.');
    let read = 0;
    const answer = await this.change(ctx, id, async (tx, conversation) => {
      const bounded = Math.min(seen, conversation.received);
      const before = await setSeen(tx, id, bounded);
      read =
        isTheirs(ctx, conversation) && bounded === conversation.received
          ? bounded - (before ?? conversation.answered)
          : 0;
      if (before === bounded) return 'same';
      const audience = { to: 'member' as const, memberId, conversationId: id };
      tx.emit({ type: 'conversation.read', audience, conversationId: id, seen: bounded });
      return 'changed';
    });
    if (read > 0) this.tellCustomer(ctx, id, read);
    return answer;
  }

  /** The customer's ticks. The mark is kept whether or not they hear of it. */
  private tellCustomer(ctx: MemberContext, id: string, count: number): void {
    this.deliveries.markReadAtProvider(ctx, id, count).catch((error: unknown) => {
      this.log.warn({ err: error, conversationId: id }, 'read marks were not told to the provider');
    });
  }

  /** Runs `work` under the lock and answers the conversation as it stands then. */
  private change(
    ctx: MemberContext,
    id: string,
    work: (tx: Tx, conversation: LockedConversation) => Promise<'same' | 'changed'>,
  ) {
    return this.db.transaction(ctx, async (tx) => {
      const outcome = await work(tx, await lockConversation(tx, id));
      if (outcome === 'same') ctx.cursor = await headOf(tx); // no event will stamp the answer
      const [conversation] = await loadForMember(tx, [id]);
      if (!conversation) throw notFound('conversation');
      return conversation;
    });
  }
}

/** The conversation, if the member sees it; else `not_found`, as if the id never was. */
async function getSeen(tx: Tx, id: string): Promise<Conversation> {
  const [conversation] = await loadForMember(tx, [id]);
  if (!conversation || !canSee(tx.ctx.sight, conversation)) throw notFound('conversation');
  return conversation;
}

/** A colleague who only looks in does not turn the customer's ticks blue. */
function isTheirs({ memberId }: MemberContext, { assigneeId }: LockedConversation): boolean {
  return assigneeId === null || assigneeId === memberId;
}

async function announceConversation(tx: Tx, id: string): Promise<void> {
  const [conversation] = await loadForMember(tx, [id]);
  if (!conversation)
    throw new AppError('internal', 'Something went wrong.', {
      internal: { conversation: id, why: 'gone while locked' },
    });
  const { me: _, ...base } = conversation;
  tx.emit({ type: 'conversation.updated', audience: audienceOfConversation(base), conversation: base });
}
