import { listEvents } from '@parley/contracts/realtime';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { EventPagesService } from '@parley/inbox/realtime/event-pages.service';
import { RealtimeService } from '@parley/inbox/realtime/realtime.service';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ctx, Input, Route } from '../http/route.decorator';
import { takeOver } from '../http/take-over';

@Controller()
export class RealtimeController {
  constructor(
    private readonly streams: RealtimeService,
    private readonly pages: EventPagesService,
  ) {}

  /** One path: a stream for who accepts one, else a page. */
  @Route(listEvents)
  async list(
    @Ctx() ctx: MemberContext,
    @Input() { query }: InputOf<typeof listEvents>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const after = lastEventId(request) ?? query.after;
    if (!request.headers.accept?.includes('text/event-stream'))
      return this.pages.page(ctx, { after, limit: query.limit });
    await this.streams.open(ctx, after, () => takeOver(reply));
    return undefined;
  }
}

/** What a browser remembers of the stream it lost; what is no number leads to a reset. */
function lastEventId({ headers }: FastifyRequest): number | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? Number(id) : undefined;
}
