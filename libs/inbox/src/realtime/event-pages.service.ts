import type { RealtimeEvent } from '@parley/contracts/realtime';
import { AppError } from '@parley/platform/app-error';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { visibleTo } from '../conversations/sight';
import { Admission } from './admission';
import { EventLog } from './event-log';
import { Frame } from './frame';
import { Marks } from './marks';
import type { Reader } from './stream';

/** The events of the streams for who asks page by page. */
@Injectable()
export class EventPagesService {
  constructor(
    private readonly admission: Admission,
    private readonly events: EventLog,
  ) {}

  /** Without `after`: no events, and the head to go on from. Throws `cursor_gone` where a stream would be reset. */
  async page(
    ctx: MemberContext,
    { after, limit }: { after?: number | undefined; limit: number },
  ): Promise<{ items: RealtimeEvent[]; nextCursor: string }> {
    const { reader, reason, head } = await this.admission.admit(ctx, after);
    if (reason)
      throw new AppError(
        'cursor_gone',
        'These events are not kept any more, or what you may see has changed. Fetch everything again.',
      );
    if (after === undefined) return { items: [], nextCursor: String(head) };
    const members = reader.memberId === null ? [] : [reader.memberId];
    const { events, seen } = await this.events.read(reader.tenantId, after, { limit, members });
    const frames = events.map((event) => new Frame(event));
    await new Marks(() => Promise.resolve(seen)).give(frames, new Set(members));
    const items = frames.flatMap((frame) => copyFor(reader, frame));
    return { items, nextCursor: String(frames.at(-1)?.seq ?? after) };
  }
}

function copyFor(reader: Reader, frame: Frame): RealtimeEvent[] {
  switch (visibleTo(reader.sight, frame.audience, frame.now)) {
    case 'hide':
      return [];
    case 'remove':
      return [frame.toRemoved()];
    case 'show':
      return [frame.toEvent(reader)];
  }
}
