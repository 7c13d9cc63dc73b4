import {
  checkMessage,
  listEdits,
  listMessages,
  retryMessage,
  sendMessage,
  sendTyping,
} from '@parley/contracts/messages';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { MessagesService } from '@parley/inbox/messages/messages.service';
import { TypingService } from '@parley/inbox/messages/typing.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly typings: TypingService,
  ) {}

  @Route(listMessages)
  list(@Ctx() ctx: MemberContext, @Input() { params, query }: InputOf<typeof listMessages>) {
    return this.messages.list(ctx, params.id, query);
  }

  @Route(listEdits)
  edits(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof listEdits>) {
    return this.messages.edits(ctx, params.id);
  }

  @Route(sendMessage)
  send(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof sendMessage>) {
    return this.messages.send(ctx, body);
  }

  @Route(sendTyping)
  typing(@Ctx() ctx: MemberContext, @Input() { body }: InputOf<typeof sendTyping>) {
    return this.typings.typing(ctx, body.conversationId);
  }

  @Route(retryMessage)
  retry(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof retryMessage>) {
    return this.messages.retry(ctx, params.id);
  }

  @Route(checkMessage)
  check(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof checkMessage>) {
    return this.messages.check(ctx, params.id);
  }
}
