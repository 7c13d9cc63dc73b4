import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
  setConversationTeam,
  startConversation,
} from '@parley/contracts/conversations';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { ConversationsService } from '@parley/inbox/conversations/conversations.service';
import { StartService } from '@parley/inbox/conversations/start.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class ConversationsController {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly first: StartService,
  ) {}

  @Route(listConversations)
  list(@Ctx() ctx: MemberContext, @Input() { query }: InputOf<typeof listConversations>) {
    return this.conversations.list(ctx, query);
  }

  @Route(countConversations)
  counts(@Ctx() ctx: MemberContext) {
    return this.conversations.counts(ctx);
  }

  @Route(getConversation)
  get(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof getConversation>) {
    return this.conversations.get(ctx, params.id);
  }

  @Route(startConversation)
  start(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof startConversation>) {
    return this.first.start(ctx, body);
  }

  @Route(assignConversation)
  assign(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof assignConversation>) {
    return this.conversations.assign(ctx, params.id, body.memberId);
  }

  @Route(setConversationTeam)
  giveToTeam(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof setConversationTeam>) {
    return this.conversations.giveToTeam(ctx, params.id, body.teamId);
  }

  @Route(setConversationLabels)
  setLabels(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof setConversationLabels>) {
    return this.conversations.setLabels(ctx, params.id, body.labelIds);
  }

  @Route(setConversationStatus)
  setStatus(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof setConversationStatus>) {
    return this.conversations.setStatus(ctx, params.id, body.status);
  }

  @Route(markConversationRead)
  markRead(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof markConversationRead>) {
    return this.conversations.markRead(ctx, params.id, body.seen);
  }
}
